//! The fuzz corpus of tables, external loads, control sets and meshes, replayed: every file is read or refused.

use guywire_osim::control_set::ControlSet;
use guywire_osim::external_loads::ExternalLoads;
use guywire_osim::mesh;
use guywire_osim::table::{C3d, Format, MarkerTable, Table};
use std::path::Path;

fn replay(target: &str, least: usize, read: impl Fn(&[u8]) -> bool) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .expect("the corpus")
        .map(|entry| entry.expect("the corpus").path())
        .collect();
    files.sort();
    assert!(files.len() >= least, "the corpus is in the repository");
    let good = files.iter().filter(|file| read(&std::fs::read(file).expect("a file of the corpus"))).count();
    assert!(
        good > 0 && (good < files.len() || target == "c3d"),
        "{target}: {good} of {} are read",
        files.len()
    );
}

#[test]
fn every_file_of_the_corpus_is_read_or_refused() {
    replay("sto", 7, |bytes| Table::read(bytes, Format::Mot).is_ok());
    replay("trc", 3, |bytes| MarkerTable::read_trc(bytes).is_ok());
    replay("c3d", 3, |bytes| C3d::read(bytes).is_ok());
    replay("external_loads", 4, |bytes| ExternalLoads::parse(bytes).is_ok());
    replay("control_set", 6, |bytes| {
        // Lines are those of the file.
        let values = |set: &ControlSet| -> Vec<_> {
            set.controls.iter().map(|control| (control.name.clone(), control.signal.clone())).collect()
        };
        let again = |set: &ControlSet| ControlSet::parse(&set.to_bytes()).expect("what was written");
        ControlSet::parse(bytes).is_ok_and(|set| values(&again(&set)) == values(&set))
    });
    replay("mesh", 9, |bytes| {
        // As in the fuzz target: the first byte says the format.
        let name = ["surface.obj", "surface.stl", "surface.vtp"][usize::from(bytes[0]) % 3];
        mesh::read(&bytes[1..], name).is_ok()
    });
}
