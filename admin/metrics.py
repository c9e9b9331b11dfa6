"""What Prometheus may ask of this process: requests by route, and the sizes of the queues."""

from typing import Final

from aiohttp import web
from prometheus_client import REGISTRY as PROCESS
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from core.db import connection
from core.holding import Why

REGISTRY: Final = web.AppKey("registry", CollectorRegistry)
_METERS: Final[web.AppKey["Meters"]] = web.AppKey("meters")

# Each a count of what is not finished yet, over an index; of what is held on purpose, by what it waits for.
_SIZES = {
    ("inbox", "pending"): "SELECT count(*) FROM inbox WHERE state = 'pending'",
    ("inbox", "parked"): "SELECT count(*) FROM inbox WHERE state = 'parked'",
    ("outbox", "pending"): "SELECT count(*) FROM outbox WHERE state = 'pending'",
    ("outbox", "failed"): "SELECT count(*) FROM outbox WHERE state = 'failed'",
    **{
        ("held", why.value): f"SELECT count(*) FROM outbox WHERE state = 'held' AND held_for = '{why.value}'"  # noqa: S608
        for why in Why
    },
    ("appeals", "open"): "SELECT count(*) FROM appeal WHERE open = true",
}


class Meters:
    """The meters of one application; each application has its own, so that tests may have many."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.requests = Counter(
            "zvernys_http_requests",
            "HTTP requests answered",
            ("method", "route", "status"),
            registry=registry,
        )
        self.seconds = Histogram(
            "zvernys_http_seconds",
            "Time from request to answer",
            ("method", "route"),
            buckets=(0.002, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 1, 5),
            registry=registry,
        )
        self.queues = Gauge("zvernys_queue", "Rows waiting", ("queue", "state"), registry=registry)


def install(app: web.Application) -> None:
    app[REGISTRY] = CollectorRegistry()
    app[_METERS] = Meters(app[REGISTRY])


def observe(request: web.Request, status: int, seconds: float) -> None:
    """By the route's template, never by path: ids would make endless series."""
    resource = request.match_info.route.resource
    route = resource.canonical if resource else "none"
    meters = request.app[_METERS]
    method = request.method if request.method in {"GET", "HEAD", "POST"} else "other"
    meters.requests.labels(method, route, str(status)).inc()
    meters.seconds.labels(method, route).observe(seconds)


async def exposition(app: web.Application) -> web.Response:
    counts = ", ".join(f"({sql}) AS {queue}_{state}" for (queue, state), sql in _SIZES.items())
    sizes = (await connection().execute_query_dict(f"SELECT {counts}"))[0]
    for queue, state in _SIZES:
        app[_METERS].queues.labels(queue, state).set(sizes[f"{queue}_{state}"])
    # The process's own registry has what the sweeps and channels count.
    body = generate_latest(app[REGISTRY]) + generate_latest(PROCESS)
    return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})
