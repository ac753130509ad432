//! Files that are no models, or only look like ones: every one is a model or an error that says where, quickly.
//!
//! The files of `fuzz/corpus/osim` are replayed, and public models are cut and changed at seeded random places.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use guywire_osim::{OsimModel, ReadOptions, write};

/// No file of this test is larger than a public model, which takes milliseconds.
const LONGEST: Duration = Duration::from_secs(5);

fn corpus() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/osim"));
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the corpus")
        .map(|entry| entry.expect("a file").path())
        .map(|path| {
            let bytes = std::fs::read(&path).expect("a readable file");
            (path.file_name().expect("a name").to_string_lossy().into_owned(), bytes)
        })
        .collect();
    files.sort();
    files
}

/// Reads, writes and reads again; the error, if there is one.
fn exercise(bytes: &[u8], allow_missing: bool) -> Result<OsimModel, String> {
    let options = ReadOptions { allow_missing };
    let start = Instant::now();
    let result = OsimModel::read(bytes, &options).map_err(|error| error.to_string());
    if let Ok(model) = &result {
        let again = OsimModel::read(&model.to_bytes(), &options).expect("what was written is read");
        assert_eq!(again.to_bytes(), model.to_bytes(), "what is written twice is the same");
        let _ = OsimModel::read(&write::document(&model.description).to_bytes(), &options);
    }
    assert!(start.elapsed() < LONGEST, "{:?}", start.elapsed());
    result
}

#[test]
fn every_file_of_the_corpus_is_a_model_or_an_error_that_says_where() {
    let expected = [
        ("comment_in_a_value.osim", None),
        ("deep.osim", Some("more than 200 nested elements")),
        ("duplicate_names.osim", None),
        ("element_in_a_value.osim", Some("`mass` is `<unit>`; expected a finite number")),
        ("entity_bomb.osim", Some("entity declarations are not read")),
        ("frame_cycle.osim", Some("the frame hangs on itself")),
        ("future.osim", Some("document version 99999; expected 10901 to 40600")),
        ("huge_order.osim", Some("`dimension` is `999999999`; expected 0 to 20")),
        ("joint_on_itself.osim", Some("parent and child are on the same body")),
        ("many_numbers.osim", Some("`y` is `1e999999999`; expected finite numbers")),
        ("missing_socket.osim", Some("`/bodyset/bb`, which does not exist; the nearest is `b`")),
        ("nan_mass.osim", Some("`mass` is `NaN`; expected a finite number")),
        ("no_socket.osim", Some("`socket_parent_frame` is missing")),
        ("no_version.osim", Some("expected `OpenSimDocument`, found `Model`")),
        ("not_xml.osim", Some("expected an XML element, found none")),
        ("old.osim", None),
        ("oldest.osim", Some("document version 10600; expected 10901")),
        ("station_cycle.osim", Some("the frame hangs on itself")),
        ("truncated.osim", Some("the file ends, but")),
        ("unknown_force.osim", Some("2 forces cannot be read")),
        ("version_word.osim", Some("document version four")),
        ("windows_1252.osim", None),
    ];
    let files = corpus();
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    for (name, _) in expected {
        assert!(names.contains(&name), "{name} is not in the corpus");
    }
    for (name, bytes) in &files {
        let result = exercise(bytes, false);
        let _ = exercise(bytes, true);
        match (expected.iter().find(|(known, _)| known == name), result) {
            (Some((_, None)), Err(error)) => panic!("{name}: {error}"),
            (Some((_, Some(part))), result) => {
                let error = result.err().unwrap_or_else(|| panic!("{name} is read"));
                assert!(error.contains(part), "{name}: {error}");
                assert!(error.contains("line "), "{name}: {error}");
            }
            _ => {}
        }
    }
}

/// xorshift64*, enough to pick places.
struct Places(u64);

impl Places {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit.max(1)
    }
}

#[test]
fn damaged_models_are_models_or_errors() {
    let test = "damaged_models_are_models_or_errors";
    let mut sources = corpus();
    for model in ["leg39", "Tug_of_War", "arm26", "double_pendulum"] {
        // Without the models only the corpus is damaged.
        if let Some(file) = guywire_reference::find(test, &format!("models/{model}.osim")) {
            sources.push((model.to_owned(), std::fs::read(file).expect("a model")));
        }
    }
    let mut places = Places(0x9E37_79B9_7F4A_7C15);
    let pieces: [&[u8]; 10] =
        [b"<", b">", b"</objects>", b"NaN", b"-1e308", b"..", b"/ground", b"&lt;", b"\xFF", b"\""];
    for (_, bytes) in &sources {
        // A large model takes longer and has no more kinds of places.
        let rounds = if bytes.len() > 50_000 { 30 } else { 200 };
        for _ in 0..rounds {
            let mut damaged = bytes.clone();
            for _ in 0..=places.below(3) {
                let at = places.below(damaged.len());
                match places.below(4) {
                    0 => damaged.truncate(at),
                    1 => {
                        let end = (at + places.below(60)).min(damaged.len());
                        damaged.drain(at..end);
                    }
                    2 => {
                        let piece = pieces[places.below(pieces.len())];
                        damaged.splice(at..at, piece.iter().copied());
                    }
                    // A piece from elsewhere: elements in places where they do not belong.
                    _ => {
                        let from = places.below(damaged.len());
                        let piece = damaged[from..(from + 200).min(damaged.len())].to_vec();
                        damaged.splice(at..at, piece);
                    }
                }
            }
            let _ = exercise(&damaged, places.below(2) == 0);
        }
    }
}

/// Mesh files cut and changed at seeded places: each is a surface or an error.
#[test]
fn damaged_meshes_are_surfaces_or_errors() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance/meshes/");
    let mut seed = 12345u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) as usize % below
    };
    for name in ["ball.obj", "prism.obj", "block.stl", "stone.stl", "egg.vtp"] {
        let whole = std::fs::read(format!("{folder}{name}")).expect("a mesh");
        assert!(guywire_osim::mesh::read(&whole, name).is_ok(), "{name}");
        for _ in 0..300 {
            let mut bytes = whole.clone();
            bytes.truncate(1 + random(whole.len()));
            for _ in 0..random(8) {
                let at = random(bytes.len());
                bytes[at] = [b'9', b'-', b'.', b'e', b' ', 0xff, b'/', b'\n'][random(8)];
            }
            let _ = guywire_osim::mesh::read(&bytes, name);
        }
    }
    for name in ["a.obj", "a.stl", "a.vtp", "a.ply", ""] {
        let error = guywire_osim::mesh::read(b"", name).expect_err("nothing is no mesh").to_string();
        assert!(!error.is_empty());
    }
}
