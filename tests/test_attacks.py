"""Files made to do harm: each is refused with a reason, or read as text and nothing more.

What the web may do to a fetch is in `test_fetch.py`. `make soak` records both tables.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from attacks import OF_BOOKS, OF_PDF, OF_WORD, SECRET, Attack
from attacks_packed import OF_ARCHIVES, OF_PAGES, OF_TEXTS
from proofs import Table
from watch import Watch

from index import LoadError
from index.load import Item, load_parts

ATTACKS = [*OF_PDF, *OF_WORD, *OF_BOOKS, *OF_PAGES, *OF_ARCHIVES, *OF_TEXTS]
TABLE = Table("attacks on files", len(ATTACKS))


@pytest.mark.soak
@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.what for attack in ATTACKS])
def test_an_attack_by_a_file(attack: Attack, tmp_path: Path, watch: Watch) -> None:
    (tmp_path / "secret").write_text(SECRET)
    data = attack.data
    if not isinstance(data, bytes):
        data = data((tmp_path / "secret").as_uri())
    with watch():
        try:
            loaded = load_parts(Item(attack.name, data=data))
            texts = [article.text for article in loaded.articles]
            reasons = [failure.reason for failure in loaded.failures]
            assert SECRET not in repr(loaded)
        except LoadError as error:
            texts, reasons = [], [str(error)]
    read, said = "\n".join(texts), " ".join(reasons)
    assert (bool(read), bool(said)) == (bool(attack.kept), bool(attack.said)), said or read
    assert attack.kept in read
    assert attack.said in said
    assert SECRET not in said
    assert "\n" not in said
    assert len(read) < 10_000
    outcome = "a part refused, the rest read" if read else "refused"
    words = " ".join((said[:300] or read[:80]).replace(str(tmp_path), "…").split())
    TABLE.add(attack.what, outcome if said else "read as text and nothing more", words)
