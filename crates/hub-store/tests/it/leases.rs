//! Jobs are taken for a while, by one worker at a time, and never lost.

use std::sync::Arc;

use hub_domain::{ids::JobId, job::JobKind, message::Origin};
use hub_store::{JobCount, LeasedJob, StoreError};

use crate::{
    aside::by,
    harness::{LEASE_SECONDS, TestStore, fresh, worker},
    words::{ANNA, PIOTR, absent, ambiguous, at, attempt_id, inbound, outbound, part_ids},
};

fn kinds(jobs: &[LeasedJob]) -> Vec<JobKind> {
    jobs.iter().map(|job| job.kind).collect()
}

/// Fails a job as often as it may; the last moment.
async fn poison(hub: &TestStore, kind: JobKind) {
    for second in 0..i64::from(kind.max_failures()) {
        let job = hub.lease_one(at(second)).await;
        assert_eq!(i64::from(job.failures), second);
        hub.give_back(job, at(second), Some(format!("error {second}"))).await.unwrap();
    }
}

#[tokio::test]
async fn people_go_first_then_what_is_due_longest() {
    let hub = fresh().await;
    // A lookup, due at 120.
    let (looked_up, _) = hub.send("+48500100900", ambiguous(), at(0)).await;
    let bot = hub.queue(outbound(Origin::Bot, "+48500100901", "raz"), at(1)).await;
    let api = hub.queue(outbound(Origin::Api, "+48500100902", "raz"), at(2)).await;
    let second = hub.queue(outbound(Origin::Cli, "+48500100903", "raz"), at(3)).await;
    let human = hub.queue(outbound(Origin::Human, "+48500100904", "raz"), at(4)).await;
    let asked = hub.receive(inbound("SM1"), at(5)).await;
    assert_eq!(hub.lease_messages(at(120)).await, [human, api, second, bot, asked, looked_up]);
}

#[tokio::test]
async fn a_worker_takes_jobs_of_the_kind_it_asks_for() {
    let hub = fresh().await;
    hub.send("+48500100900", ambiguous(), at(0)).await;
    hub.receive(inbound("SM1"), at(0)).await;
    hub.queue(outbound(Origin::Bot, ANNA, "raz"), at(0)).await;
    for kind in [JobKind::Reconcile, JobKind::Reply, JobKind::Deliver] {
        let jobs = hub.lease_jobs(worker("w"), kind, 10, at(120)).await.unwrap();
        assert_eq!(kinds(&jobs), [kind]);
    }
}

#[tokio::test]
async fn no_more_is_taken_than_asked_for_and_nothing_before_it_is_due() {
    let hub = fresh().await;
    let rows = [
        hub.receive(inbound("SM1"), at(1)).await,
        hub.receive(inbound("SM2"), at(2)).await,
        hub.receive(inbound("SM3"), at(3)).await,
    ];
    let first = hub.lease_jobs(worker("w"), JobKind::Reply, 1, at(2)).await.unwrap();
    assert_eq!(first.iter().map(|job| job.message).collect::<Vec<_>>(), rows[..1]);
    assert_eq!(hub.lease_messages(at(2)).await, rows[1..2]);
    assert_eq!(hub.lease_messages(at(3)).await, rows[2..]);
    assert!(hub.lease_jobs(worker("w"), JobKind::Reply, 0, at(9)).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_lease_that_ran_out_goes_to_the_next_worker() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    let first = hub.lease_one(at(0)).await;
    assert!(hub.lease(at(LEASE_SECONDS - 1)).await.is_empty());
    let second = hub.lease_one(at(LEASE_SECONDS)).await;
    assert_eq!((first.id, first.failures), (second.id, 0));
    assert!(second.fence > first.fence);
    assert_eq!(second.failures, 1);
}

#[tokio::test]
async fn whose_lease_ran_out_can_not_write_the_result() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    hub.queue(outbound(Origin::Api, PIOTR, "raz"), at(0)).await;
    hub.send("+48500100900", ambiguous(), at(-120)).await;
    let stale = hub.lease(at(0)).await;
    let taken = hub.lease(at(LEASE_SECONDS)).await;
    assert_eq!((kinds(&stale), stale.len()), (kinds(&taken), 3));
    let lost = |answer: Option<StoreError>, job: &LeasedJob| {
        assert!(matches!(answer, Some(StoreError::LeaseLost(id)) if id == job.id.0), "{:?}", job.kind);
    };
    let now = at(LEASE_SECONDS + 1);
    for job in &stale {
        lost(hub.give_back(*job, now, None).await.err(), job);
        let answer = match job.kind {
            JobKind::Reply => {
                hub.settle_reply(*job, crate::replies::quiet().into(), None, part_ids(), now).await.err()
            }
            JobKind::Deliver => hub.begin_attempt(*job, attempt_id(), Arc::default(), now).await.err(),
            JobKind::Media => hub.settle_attachment(*job, None, now).await.err(),
            JobKind::Reconcile => hub.settle_lookup(*job, job.attempt.unwrap(), absent(), 0, now).await.err(),
        };
        lost(answer, job);
    }
    // Who has them now can.
    for job in taken {
        hub.give_back(job, now, None).await.unwrap();
    }
}

#[tokio::test]
async fn a_dead_process_frees_its_own_leases_only() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    let dead = hub.lease_jobs(worker("dead"), JobKind::Reply, 1, at(0)).await.unwrap();
    hub.receive(inbound("SM2"), at(0)).await;
    let alive = hub.lease_jobs(worker("alive"), JobKind::Reply, 1, at(0)).await.unwrap();
    assert_eq!(hub.free_leases("dead".to_owned(), at(1)).await.unwrap(), 1);
    assert_eq!(hub.free_leases("never seen".to_owned(), at(1)).await.unwrap(), 0);
    let again = hub.lease_one(at(1)).await;
    assert_eq!((again.id, again.failures), (dead[0].id, 1));
    hub.give_back(alive[0], at(2), None).await.unwrap();
}

#[tokio::test]
async fn giving_back_without_an_error_is_no_failure() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    for second in 0..20 {
        let job = hub.lease_one(at(second)).await;
        assert_eq!(job.failures, 0);
        hub.give_back(job, at(second + 1), None).await.unwrap();
        assert!(hub.lease(at(second)).await.is_empty());
    }
}

#[tokio::test]
async fn only_failures_in_a_row_poison_a_job() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    for second in 0..20 {
        let job = hub.lease_one(at(second)).await;
        // Every second time it works, and only waits for something.
        let error = (second % 2 == 0).then(|| "out of luck".to_owned());
        hub.give_back(job, at(second), error).await.unwrap();
    }
    assert_eq!(hub.lease_one(at(20)).await.failures, 0);
}

#[tokio::test]
async fn a_job_that_fails_too_often_waits_for_a_person() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    poison(&hub, JobKind::Reply).await;
    assert!(hub.lease(at(100_000)).await.is_empty());
    assert_eq!(hub.next_due().await.unwrap(), None);
    let [job] = &hub.jobs(10).await.unwrap()[..] else { panic!("not one job") };
    assert!(job.set_aside && !job.leased);
    assert_eq!((job.failures, job.last_error.as_deref()), (8, Some("error 7")));
    let count = JobCount { kind: JobKind::Reply, open: 0, set_aside: 1, oldest: None };
    assert_eq!(hub.counts().await.unwrap().jobs, [count]);
}

#[tokio::test]
async fn a_job_whose_workers_keep_dying_waits_for_a_person() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    for round in 0..8 {
        assert_eq!(i64::from(hub.lease_one(at(round * LEASE_SECONDS)).await.failures), round);
    }
    assert!(hub.lease(at(8 * LEASE_SECONDS)).await.is_empty());
    let [job] = &hub.jobs(10).await.unwrap()[..] else { panic!("not one job") };
    assert!(job.set_aside && !job.leased && job.last_error.is_some());
}

#[tokio::test]
async fn a_person_gives_a_job_another_round() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    let open = hub.jobs(10).await.unwrap()[0].id;
    assert!(matches!(hub.retry_job(open, by(), at(0)).await, Err(StoreError::NotFound(_))));
    assert!(matches!(hub.retry_job(JobId(99), by(), at(0)).await, Err(StoreError::NotFound(_))));
    poison(&hub, JobKind::Reply).await;
    hub.retry_job(open, by(), at(50)).await.unwrap();
    assert!(hub.lease(at(49)).await.is_empty());
    assert_eq!(hub.lease_one(at(50)).await.failures, 0);
}

#[tokio::test]
async fn the_next_due_moment_is_the_earliest_job_or_end_of_lease() {
    let hub = fresh().await;
    assert_eq!(hub.next_due().await.unwrap(), None);
    hub.receive(inbound("SM1"), at(10)).await;
    hub.queue(outbound(Origin::Human, ANNA, "raz"), at(20)).await;
    assert_eq!(hub.next_due().await.unwrap(), Some(at(10)));
    hub.lease_one(at(10)).await;
    assert_eq!(hub.next_due().await.unwrap(), Some(at(20)));
    hub.lease_one(at(20)).await;
    assert_eq!(hub.next_due().await.unwrap(), Some(at(10 + LEASE_SECONDS)));
}

#[tokio::test]
async fn counts_show_what_waits_since_when() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(5)).await;
    hub.receive(inbound("SM2"), at(6)).await;
    let count = JobCount { kind: JobKind::Reply, open: 2, set_aside: 0, oldest: Some(at(5)) };
    let counts = hub.counts().await.unwrap();
    assert_eq!((counts.jobs, counts.held), (vec![count], 0));
}
