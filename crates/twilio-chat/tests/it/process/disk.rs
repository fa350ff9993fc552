//! The store can't write: Twilio and the health check are told so, and it recovers by itself.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use rusqlite::Connection;

use super::{program::Hub, records::Records, signed::sid, twilio::Twilio, wait::until};

/// Every acknowledged message is in the file.
fn check_kept(file: &Path, acknowledged: &[String]) {
    let kept: Vec<String> =
        Records::open(file).rows("SELECT sid FROM message WHERE direction = 'inbound'", (), |row| row.get(0));
    for sid in acknowledged {
        assert!(kept.contains(sid), "{sid} is lost");
    }
}

async fn is_healthy(hub: &Hub) -> bool {
    let health = hub.health().await;
    let word = health.json()["store"].as_str().unwrap().to_owned();
    assert_eq!((health.status, word == "ok"), if word == "ok" { (200, true) } else { (503, false) });
    word == "ok"
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_file_is_a_503_until_it_is_free() {
    let twilio = Twilio::start().await;
    let program = twilio.program().with("DB_PATH", "app.db");
    let hub = program.serve(&[]).await;
    assert_eq!(hub.receive(&sid(1), "Halo").await, 200);
    assert!(is_healthy(&hub).await);

    let other = Connection::open(program.path("app.db")).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let second = sid(2);
    let (received, healthy) = tokio::join!(hub.receive(&second, "Halo"), is_healthy(&hub));
    assert_eq!((received, healthy), (503, false));
    other.execute_batch("ROLLBACK").unwrap();

    assert_eq!(hub.receive(&sid(2), "Halo").await, 200);
    assert!(is_healthy(&hub).await);
    check_kept(&program.path("app.db"), &[sid(1), sid(2)]);
}

/// A small file system in memory; gone when dropped.
#[derive(Debug)]
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` where one may not be mounted (it takes root).
    fn mount(folder: PathBuf) -> Option<Self> {
        fs::create_dir(&folder).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"]).arg(&folder);
        mount.output().ok()?.status.success().then_some(Self(folder))
    }

    /// Takes all the room that is left.
    fn fill(&self) {
        let mut file = File::options().create(true).append(true).open(self.filler()).unwrap();
        while file.write_all(&[0; 512]).is_ok() {}
    }

    fn make_room(&self) {
        fs::remove_file(self.filler()).unwrap();
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // `-l`: also while the hub, which is killed later, has its files open.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_a_503_until_there_is_room() {
    let twilio = Twilio::start().await;
    let program = twilio.program().with("DB_PATH", "small/app.db");
    let Some(disk) = SmallDisk::mount(program.path("small")) else {
        println!("not run: no file system can be mounted here");
        return;
    };
    let hub = program.serve(&[]).await;
    let mut acknowledged = Vec::new();
    let mut number = 0;
    let mut receive = async |until_status: u16| {
        until("another answer", async || {
            number += 1;
            let status = hub.receive(&sid(number), &"Halo ".repeat(200)).await;
            match status {
                200 => acknowledged.push(sid(number)),
                503 => {}
                _ => panic!("status {status}"),
            }
            (status == until_status).then_some(())
        })
        .await;
    };
    receive(200).await;
    assert!(is_healthy(&hub).await);
    disk.fill();
    receive(503).await;
    until("the health check's notice", async || (!is_healthy(&hub).await).then_some(())).await;
    disk.make_room();
    receive(200).await;
    assert!(is_healthy(&hub).await);
    check_kept(&program.path("small/app.db"), &acknowledged);
    let log = hub.process.log();
    assert!(log.contains("could not be stored"), "{log}");
    assert_eq!(hub.stop().await.code, Some(0));
}
