"""When each job is woken."""

import pkgutil

from jobs.schedule import EVERY, Schedule
from jobs.worker import JOB_NAME


def woken(schedule: Schedule, clock: float) -> tuple[list[str], float]:
    jobs: list[str] = []
    pause = schedule.tick(clock, jobs.append)
    return jobs, pause


def test_all_jobs_are_due_at_the_start_and_then_each_at_its_interval() -> None:
    schedule = Schedule({"jobs.sweep.run": 30, "jobs.deliver.run": 10}, 100.0)
    assert woken(schedule, 100.0) == (["jobs.sweep.run", "jobs.deliver.run"], 10)
    assert woken(schedule, 105.0) == ([], 5)
    assert woken(schedule, 110.0) == (["jobs.deliver.run"], 10)
    assert woken(schedule, 130.5) == (["jobs.sweep.run", "jobs.deliver.run"], 9.5)


def test_intervals_slept_through_are_not_made_up_and_the_beat_is_kept() -> None:
    schedule = Schedule({"jobs.deliver.run": 10}, 0.0)
    woken(schedule, 0.0)
    assert woken(schedule, 47.0) == (["jobs.deliver.run"], 3)
    assert woken(schedule, 50.0) == (["jobs.deliver.run"], 10)


def test_the_sweep_is_woken_every_half_minute_and_delivery_every_ten_seconds() -> None:
    assert (EVERY["jobs.sweep.run"], EVERY["jobs.deliver.run"]) == (30, 10)


def test_every_name_is_a_job_that_the_worker_runs() -> None:
    assert all(JOB_NAME.fullmatch(job) and callable(pkgutil.resolve_name(job)) for job in EVERY)
