"""Each bench runs and says what it found in one JSON object; how fast is asked of nobody's machine here."""

import argparse
import json
from datetime import timedelta
from pathlib import Path

import pytest

from core import jobs
from core.scheduler import SWEEPS
from core.understanding.examples import read_examples
from tests.bench import alike, conversation, intake, many, outbox, queue, report, sweep, understand
from tests.bench.due import DUE

TINY = argparse.Namespace(appeals=60, open=300, updates=42, seconds=0.6, engine="sqlite", json=True)


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


def test_conversation_beside_a_bare_webhook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "WARM", 0.1)
    found = json.loads(conversation.run(TINY))
    assert (found["updates"], found["lost"], found["unanswered"]) == (30, 0, 0)
    assert 0 < found["p50_ms"] <= found["p95_ms"] <= found["max_ms"]
    assert found["peer_p95_ms"] > 0


def test_queue_beside_its_sql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "REQUESTS", 20)
    found = json.loads(queue.run(TINY))
    assert set(found["sorts"]) == {"list", "search", "appeal", "counters"}
    assert found["appeals"] == 60
    assert 0 < found["queries"] <= 8
    assert 0 < found["p50_ms"] <= found["p95_ms"]


def test_report_beside_a_full_recount(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "REQUESTS", 8)
    monkeypatch.setattr(many, "SLICE", 30)  # so that facts are copied, too
    found = json.loads(report.run(TINY))
    assert (found["engine"], found["appeals"]) == ("sqlite", 60)
    assert set(found["periods"]) == {"year", "longest"}
    assert found["periods"]["longest"]["answered"] > 20
    assert 0 < found["queries"] <= 12
    assert 0 < found["p50_ms"] <= found["p95_ms"]


def test_alike_beside_its_sql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "ADDRESSES", 20)
    monkeypatch.setattr(alike, "PAST", timedelta(days=1))
    found = json.loads(alike.run(TINY))
    assert (found["engine"], found["appeals"]) == ("sqlite", 60)
    assert 0 < found["p50_ms"] <= found["p95_ms"]
    assert found["found"] > 0


def test_every_sweep_beside_its_sql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "ROUNDS", 1)
    monkeypatch.setattr(jobs, "BATCH", 4)
    found = json.loads(sweep.run(TINY))
    assert set(found["sweeps"]) == set(SWEEPS)
    assert (found["engine"], found["open"]) == ("sqlite", 300)
    assert set(DUE) <= set(SWEEPS)
    for name, one in found["sweeps"].items():
        assert one["idle_queries"] > 0, name
        assert (one["pieces"] is None) == (name not in DUE), name
        assert one["pieces"] != 0, name


def test_understanding_beside_a_plain_classifier(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(understand, "read_examples", lambda: read_examples(tmp_path))  # names alone are quick
    monkeypatch.setattr(understand, "ROUNDS", 1)
    found = json.loads(understand.run(TINY))
    assert found["texts"] == 546
    assert 0 < found["p50_ms"] <= found["p95_ms"]
    assert found["ratio"] > 0
    assert found["memory_mb"] <= 80


def test_for_people_it_is_said_in_words() -> None:
    said = intake.run(argparse.Namespace(updates=21, json=False))
    assert "ratio" in said
    assert said.startswith("intake: ")
