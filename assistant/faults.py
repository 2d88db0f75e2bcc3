"""What goes wrong with a language model, each as one line that says what to do."""

from __future__ import annotations

from assistant.settings import Settings


def explain(error: Exception, settings: Settings) -> str:
    """One line on what went wrong with the model and what to do, without key or prompt."""
    import httpx
    import openai

    where, model = settings.model_host or "the model's server", settings.model
    status = getattr(error, "status_code", None)
    if isinstance(error, TimeoutError | openai.APITimeoutError):
        return f"{where} did not answer within {settings.timeout:.0f} s"
    if isinstance(error, openai.APIConnectionError):
        return f"{where} cannot be reached; check OPENAI_BASE_URL and that the server runs"
    if status in (401, 403):
        return f"{where} refused the key ({status}); check OPENAI_API_KEY"
    if status == 404:
        return f"{where} knows no model {model!r} (404); check ASSISTANT_MODEL and the address"
    if status == 429:
        return f"{where} takes no more requests now (429); wait, or check your quota"
    if isinstance(error, httpx.HTTPError):
        return f"{where} closed the connection too early"
    if status is not None:
        return f"{where} failed with status {status}"
    return f"{where} sent something that could not be read ({type(error).__name__})"
