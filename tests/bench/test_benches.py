"""Each bench runs and says what it found in one JSON object; how fast is asked of nobody's machine here."""

import argparse
import json
from pathlib import Path

import pytest

from tests.bench import intake, outbox, queue

TINY = argparse.Namespace(appeals=60, updates=42, json=True)


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, model_cache: Path) -> None:
    """What a bench keeps in var/ it keeps where the test does; the model is the session's."""
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "model").symlink_to(model_cache)
    monkeypatch.chdir(tmp_path)


def test_intake_beside_a_bare_dispatcher() -> None:
    found = json.loads(intake.run(TINY))
    assert found["updates"] == 42
    assert found["ratio"] > 0


def test_outbox_beside_a_bare_client() -> None:
    found = json.loads(outbox.run(TINY))
    assert found["messages"] == 40
    assert found["ratio"] > 0


def test_queue_beside_its_sql() -> None:
    found = json.loads(queue.run(TINY))
    assert found["appeals"] == 60
    assert 0 < found["queries"] <= 8
    assert 0 < found["p50_ms"] <= found["p95_ms"]


def test_for_people_it_is_said_in_words() -> None:
    said = intake.run(argparse.Namespace(updates=21, json=False))
    assert "ratio" in said
    assert said.startswith("intake: ")
