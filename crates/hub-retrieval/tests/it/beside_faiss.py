"""Makes files with faiss for the test beside it, and reads what the test made. Called as: beside_faiss.py make|check FOLDER."""
import json
import pathlib
import sys

import faiss
import numpy as np

KINDS = {"ip": faiss.IndexFlatIP, "l2": faiss.IndexFlatL2}
MAPS = {"": None, "map": faiss.IndexIDMap, "map2": faiss.IndexIDMap2}
SIZES = [(4, 30), (7, 5), (128, 40), (768, 25), (1536, 20), (3072, 15), (16, 0)]


def make(folder):
    chance = np.random.default_rng(1)
    for kind, flat in KINDS.items():
        for name, around in MAPS.items():
            for d, n in SIZES:
                rows = chance.standard_normal((n, d), dtype=np.float32)
                ids = np.arange(n, dtype=np.int64) * 3 - 7
                index = flat(d)
                if around is None:
                    index.add(rows)
                else:
                    index = around(index)
                    index.add_with_ids(rows, ids)
                stem = str(folder / f"{kind}-{name}-{d}")
                faiss.write_index(index, stem + ".faiss")
                rows.tofile(stem + ".rows")
    d = 256
    rows = chance.standard_normal((3000, d), dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    queries = chance.standard_normal((20, d), dtype=np.float32)
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    index = faiss.IndexFlatIP(d)
    index.add(rows)
    scores, _ = index.search(queries, 10)
    rows.tofile(folder / "search.rows")
    queries.tofile(folder / "search.queries")
    scores.tofile(folder / "search.scores")


def check(folder):
    documents = json.loads((folder / "docs.json").read_text())
    index = faiss.read_index(str(folder / "index.faiss"))
    assert index.metric_type == faiss.METRIC_INNER_PRODUCT and index.ntotal == len(documents) == 50
    rows = index.reconstruct_n(0, index.ntotal)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    _, found = index.search(rows, 1)
    assert (found[:, 0] == np.arange(50)).all()
    faiss.write_index(index, str(folder / "again.faiss"))
    assert (folder / "again.faiss").read_bytes() == (folder / "index.faiss").read_bytes()
    with np.load(folder / "index.npz", allow_pickle=False) as arrays:
        assert arrays["embeddings"].dtype == np.dtype("<f4")
        assert (arrays["embeddings"] == rows).all()
        assert arrays["ids"].dtype == np.dtype("<U40")
        assert arrays["ids"].tolist() == [document["id"] for document in documents]
    # And the other way: numpy's own compressed file, with ids as a pickle, for the test to read.
    (folder / "numpy").mkdir()
    ids = np.array([document["id"] for document in documents], dtype=object)
    np.savez_compressed(folder / "numpy" / "index.npz", embeddings=rows * 3, ids=ids)
    (folder / "numpy" / "docs.json").write_text((folder / "docs.json").read_text())


{"make": make, "check": check}[sys.argv[1]](pathlib.Path(sys.argv[2]))
