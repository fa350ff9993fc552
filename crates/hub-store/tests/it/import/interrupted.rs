//! An import that ends early never began.

use std::ops::ControlFlow;

use hub_store::{ImportError, ImportStep, NoWatch, Watch};

use super::{House, all_added, lines};

/// Ends the import at one step.
#[derive(Debug)]
pub(super) struct StopAt(pub(super) ImportStep);

impl Watch for StopAt {
    fn reached(&self, step: ImportStep) -> ControlFlow<()> {
        if step == self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

#[test]
fn an_import_stopped_anywhere_leaves_nothing() {
    let house = House::new();
    let original = house.used_original(3_500);
    let source = original.files();
    house.open().close();
    let rows = || {
        let tables =
            ["message", "contact", "conversation", "reminder", "campaign", "listener", "setting", "counter"];
        let raw = house.raw();
        tables.map(|table| lines(&raw, &format!("SELECT count(*) FROM {table}"))).concat()
    };
    let empty = rows();
    for step in
        [ImportStep::Copied, ImportStep::Messages(1_000), ImportStep::Messages(3_000), ImportStep::Written]
    {
        let error = house.try_import(original.folder(), false, &StopAt(step)).unwrap_err();
        assert!(matches!(error, ImportError::Interrupted), "{step:?}: {error:?}");
        assert_eq!(rows(), empty, "{step:?}");
        assert_eq!(house.our_files(), ["hub.db"], "{step:?}");
    }
    assert_eq!(original.files(), source);
    assert_eq!(house.import(&original).messages, all_added(3_500));
}

#[test]
fn what_a_killed_import_left_in_its_folder_is_cleared_away() {
    let house = House::new();
    let original = house.used_original(10);
    let staging = house.dir.path().join("ours/import/staging");
    std::fs::create_dir_all(&staging).unwrap();
    for name in ["original.db", "original.db-wal", "dry-run.db"] {
        std::fs::write(staging.join(name), "half of something").unwrap();
    }
    house.try_import(original.folder(), true, &NoWatch).unwrap();
    assert_eq!(house.our_files(), Vec::<String>::new());
}
