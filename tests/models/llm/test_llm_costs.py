"""What is asked is counted before it is paid, paid once, and never over the budget."""

import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from standpunt.errors import InputError, StandpuntError
from standpunt.models.llm.counting import counting
from standpunt.models.llm.limits import Limits
from standpunt.models.llm.prices import SHIPPED, price_of
from standpunt.models.llm.spending import all_spending, forget_spending, spending_since, spending_so_far

TABLE = "currency: EUR\nmodels: {kleintje: {input: 10, output: 20, batch: 0.5}}\n"


@pytest.fixture
def prices(tmp_path):
    path = tmp_path / "prices.yaml"
    path.write_text(TABLE, encoding="utf-8")
    return str(path)


def test_a_count_asks_nothing_and_writes_nothing(ask, server, rows, prices, tmp_path):
    model = ask(prices=prices, calibration_rows=3, max_tokens=50).fit
    with counting() as counts:
        fitted = model(rows)
        fitted.predict(rows * 2)
    assert server.asked == []
    assert not (tmp_path / "answers").exists()
    (count,) = counts.counts.values()
    assert (count.model, count.calls, count.kept, count.tokens_out, count.exact) == ("kleintje", 6, 0, 300, True)
    words = sum(len(text.split()) for messages in fitted.messages(rows) for _, text in messages)
    assert count.tokens_in == words  # the tokenizer of the server takes each for a token
    assert count.money == pytest.approx((words * 10 + 300 * 20) / 1e6)


def test_what_is_kept_costs_nothing(ask, server, rows):
    ask().fit(rows).predict(rows[:4])
    with counting() as counts:
        ask().fit(rows).predict(rows)
    (count,) = counts.counts.values()
    assert (count.calls, count.kept) == (2, 4)


def test_without_a_tokenizer_or_a_server_tokens_are_estimated(ask, server, rows):
    server.gives -= {"tokenizer"}
    model = ask().fit(rows)
    with counting() as counts:
        model.predict(rows)
    (count,) = counts.counts.values()
    assert not count.exact
    assert count.tokens_in == sum(len(text) // 3 + 4 for messages in model.messages(rows) for _, text in messages)
    assert count.money is None
    with counting() as counts:
        ask(base_url="http://127.0.0.1:1/v1").fit(rows).predict(rows)
    (count,) = counts.counts.values()
    assert (count.model, count.calls) == ("its first model", 6)


def test_a_budget_in_tokens_stops_before_it_is_used_up(ask, server, rows):
    with pytest.raises(StandpuntError, match=r"over the budget, \d+ of 1200 tokens \(model.budget_tokens\)") as caught:
        ask(budget_tokens=1200).fit(rows).predict(rows)
    assert caught.value.exit_code == 1
    done = len(server.asked)
    assert 0 < done < len(rows)
    spent = all_spending()[0]
    assert spent.tokens_in + spent.tokens_out == done * 120 <= 1200
    forget_spending()  # as the next command
    assert ask(budget_tokens=20000).fit(rows).predict(rows) == ["favor", "against"] * 3
    assert len(server.asked) == len(rows)


def test_a_budget_in_money_stops_before_it_is_used_up(ask, server, rows, prices):
    with pytest.raises(StandpuntError, match=r"0.0\d+ of 0.014 EUR \(model.budget_money\) are used"):
        ask(budget_money=0.014, prices=prices).fit(rows).predict(rows)
    assert 0 < len(server.asked) < len(rows)
    assert all_spending()[0].money == pytest.approx(len(server.asked) * (100 * 10 + 20 * 20) / 1e6)


def test_a_budget_is_for_all_models_of_a_command(ask, server, rows):
    ask(budget_tokens=2000).fit(rows).predict(rows[:1])
    with pytest.raises(StandpuntError, match="120 of 1000 tokens"):
        ask(budget_tokens=1000, cache=None).fit(rows).predict(rows[1:])


def test_a_budget_in_money_for_a_model_without_a_price_is_refused(ask, rows, prices):
    with pytest.raises(InputError, match=r"model.budget_money is set and the table of prices has no kleintje"):
        ask(budget_money=1).fit(rows).predict(rows)


def test_what_a_run_used_is_what_came_since(ask, server, rows):
    ask().fit(rows).predict(rows[:2])
    before = spending_so_far()
    assert spending_since(before) == []
    ask().fit(rows).predict(rows)
    (record,) = spending_since(before)
    assert (record["asked"], record["kept"], record["tokens_in"]) == (4, 2, 400)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "no table of prices"),
        ("models: {kleintje: {input: 1, output: 2}}", "expected 'currency'"),
        ("currency: EUR\nmodels: {kleintje: {input: 1}}", "no table of prices"),
        ("currency: EUR\nmodels: {kleintje: {input: x, output: 1}}", "no table of prices"),
        ("currency: EUR\nmodels: {kleintje: {input: -1, output: 1}}", "the price of kleintje is below 0"),
    ],
)
def test_a_table_of_prices_that_is_none_is_one_sentence(tmp_path, text, said):
    (tmp_path / "own.yaml").write_text(text)
    with pytest.raises(InputError, match=said):
        price_of("kleintje", str(tmp_path / "own.yaml"))


def test_the_shipped_prices_can_be_read():
    assert price_of("gpt-4o-mini", str(SHIPPED)).of(1_000_000, 0) == 0.15
    assert price_of("nobody", None) is None
    with pytest.raises(InputError, match="cannot be read"):
        price_of("x", "/nowhere.yaml")


class Clock:
    def __init__(self):
        self.now, self.slept = 1000.0, []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.mark.parametrize(("limit", "tokens"), [((3, None), 1), ((None, 300), 100)])
def test_no_more_goes_out_in_a_minute_than_allowed(limit, tokens):
    clock = Clock()
    limits, sent = Limits(*limit, clock=lambda: clock.now), []
    for _ in range(10):
        limits.wait(tokens, clock.sleep)
        sent.append(clock.now)
        clock.now += 1
    assert all(sum(start <= moment < start + 60 for moment in sent) <= 3 for start in sent)
    assert sent[-1] - sent[0] <= 183


def test_a_request_above_the_limit_goes_alone_and_without_limits_none_waits():
    clock = Clock()
    limits = Limits(None, 100, clock=lambda: clock.now)
    for _ in range(2):
        limits.wait(500, clock.sleep)
    assert clock.slept == [60.0]
    Limits(None, None).wait(10**9, None)


def test_a_pause_that_the_server_asks_for_holds_for_all():
    clock = Clock()
    limits = Limits(None, None, clock=lambda: clock.now)
    limits.pause(7)
    limits.wait(1, clock.sleep)
    assert clock.slept == [7.0]


KILLED = """
import sys
from standpunt.annotation.issues import load_issues
from standpunt.models import build
from standpunt.models.llm.settings import LlmConfig
from fake_llm import row
rows = [row(f"Nummer {at}: wij zijn voor.") for at in range(12)]
settings = {"base_url": sys.argv[1], "cache": sys.argv[2], "calibration_rows": 0, "concurrency": 2}
model = build(LlmConfig(**settings), ("favor", "against"), load_issues(["no_fly_zone"])).fit(rows)
print(model.predict(rows))
"""


@pytest.mark.slow
def test_a_command_that_was_killed_goes_on_where_it_was(server, tmp_path):
    server.always = "slow"
    command = [sys.executable, "-c", KILLED, server.url, str(tmp_path / "answers")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(command, env=environment)
    while len(server.asked) < 5:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    with sqlite3.connect(tmp_path / "answers" / "answers.sqlite") as connection:
        kept = connection.execute("SELECT count(*) FROM answers").fetchone()[0]
    assert 3 <= kept < 12  # what was under way when it was killed is lost, and nothing else
    server.asked.clear()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(["favor"] * 12)
    assert len(server.asked) == 12 - kept


def test_a_batch_is_sent_once_and_costs_its_share(ask, server, rows, prices, tmp_path):
    settings = {"batch": True, "batch_wait": 0.01, "prices": prices, "options": {"top_p": 0.5}}
    assert ask(**settings).fit(rows).predict(rows) == ["favor", "against"] * 3
    assert len(server.batches) == 1
    assert len(server.asked) == len(rows)
    assert server.asked[0]["top_p"] == 0.5
    assert all_spending()[0].money == pytest.approx(0.5 * 6 * (100 * 10 + 20 * 20) / 1e6)
    assert ask(**settings).fit(rows).predict(rows) == ["favor", "against"] * 3
    assert ask(options={"top_p": 0.5}).fit(rows).predict(rows) == ["favor", "against"] * 3  # also without a batch
    assert (len(server.batches), len(server.asked)) == (1, len(rows))


def test_a_batch_that_was_sent_before_a_kill_is_fetched(ask, server, rows, monkeypatch):
    settings = {"batch": True, "batch_wait": 0.01}

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("standpunt.models.llm.batches._fetched", killed)
        with pytest.raises(KeyboardInterrupt):
            ask(**settings).fit(rows).predict(rows)
    assert len(server.batches) == 1
    assert ask(**settings).fit(rows).predict(rows) == ["favor", "against"] * 3
    assert len(server.batches) == 1


def test_a_batch_with_questions_that_failed_keeps_the_others(ask, server, rows):
    settings = {"batch": True, "batch_wait": 0.01}
    server.lost = 2
    with pytest.raises(StandpuntError, match=r"2 questions of a batch were not answered \(the server was busy\)"):
        ask(**settings).fit(rows).predict(rows)
    server.lost = 0
    server.asked.clear()
    assert ask(**settings).fit(rows).predict(rows) == ["favor", "against"] * 3
    assert len(server.asked) == 2


def test_a_server_without_batches_is_one_sentence(ask, server, rows):
    server.gives -= {"batches"}
    with pytest.raises(InputError, match="nothing answers there"):
        ask(batch=True).fit(rows).predict(rows)
    with pytest.raises(InputError, match=r"model.cache is None; expected a folder where model.batch is set"):
        ask(batch=True, cache=None)
