"""The fake service, and a client whose clock goes on only when it sleeps."""

import pytest
from fake_tk import FakeTK, Time

from standpunt.sources.http import Client, Manners


@pytest.fixture
def service(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    fake = FakeTK()
    yield fake
    fake.close()


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def told():
    return []


@pytest.fixture
def client(time, told):
    return Client(Manners(read=5.0), tell=told.append, sleep=time.sleep, clock=time.clock)
