//! The repository's data and their register agree: every file has a source and a licence, and the tables that
//! refer to each other do so by names that exist.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct Register {
    source: BTreeMap<String, Source>,
    file: Vec<File>,
    elsewhere: Vec<File>,
}

#[derive(Deserialize)]
struct Source {
    title: String,
    licence: String,
    cite: String,
}

#[derive(Deserialize)]
struct File {
    path: String,
    what: String,
    sources: Vec<String>,
    licence: String,
    status: String,
    changes: String,
    row_source: Option<String>,
}

type Row = BTreeMap<String, String>;

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data")
}

fn text(path: &str) -> String {
    std::fs::read_to_string(data().join(path)).unwrap_or_else(|error| panic!("data/{path}: {error}"))
}

fn register() -> Register {
    toml::from_str(&text("REGISTER.toml")).unwrap()
}

fn table(path: &str) -> Vec<Row> {
    let text = text(path);
    let rows = csv::Reader::from_reader(text.as_bytes()).into_deserialize();
    rows.map(|row| row.unwrap_or_else(|error| panic!("data/{path}: {error}"))).collect()
}

fn column(rows: &[Row], name: &str) -> BTreeSet<String> {
    rows.iter().map(|row| row[name].clone()).collect()
}

/// Name of the left side's coordinate.
fn mirrored(name: &str) -> String {
    match name.strip_suffix("_r") {
        Some(stem) => format!("{stem}_l"),
        None => name.replace("_r_", "_l_"),
    }
}

fn files_below(folder: &Path, root: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, root, found);
        } else {
            let parts: Vec<_> =
                path.strip_prefix(root).unwrap().iter().map(|part| part.to_str().unwrap()).collect();
            found.insert(parts.join("/"));
        }
    }
}

#[test]
fn every_file_is_registered_and_every_entry_has_a_file() {
    let mut found = BTreeSet::new();
    files_below(&data(), &data(), &mut found);
    found.remove("REGISTER.toml");
    let entries = register().file;
    let listed: BTreeSet<String> = entries.iter().map(|file| file.path.clone()).collect();
    assert_eq!(listed.len(), entries.len(), "a file is listed twice");
    let missing: Vec<_> = found.difference(&listed).collect();
    let stale: Vec<_> = listed.difference(&found).collect();
    assert!(missing.is_empty(), "not in data/REGISTER.toml: {missing:?}");
    assert!(stale.is_empty(), "in data/REGISTER.toml without a file: {stale:?}");
}

/// Whether a file is program or prose, and no data.
fn is_text_of_ours(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap();
    let written = [".rs", ".md", ".py", ".css"].iter().any(|end| name.ends_with(end));
    written || name.starts_with('.') || ["Cargo.toml", "Cargo.lock", "requirements.txt"].contains(&name)
}

#[test]
fn data_outside_the_folder_is_registered_too() {
    let root = data().join("..");
    let mut found = BTreeSet::new();
    for folder in ["conformance", "crates", "examples", "fuzz/corpus"] {
        files_below(&root.join(folder), &root, &mut found);
    }
    found.retain(|path| !is_text_of_ours(path) && !path.contains("/__pycache__/"));
    let entries = register().elsewhere;
    let below = |path: &str, entry: &File| {
        path.strip_prefix(&entry.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let missing: Vec<_> = found.iter().filter(|path| !entries.iter().any(|e| below(path, e))).collect();
    assert!(missing.is_empty(), "not in data/REGISTER.toml: {missing:?}");
    for entry in &entries {
        assert!(found.iter().any(|path| below(path, entry)), "{} without a file", entry.path);
        assert_eq!(entries.iter().filter(|e| e.path == entry.path).count(), 1, "{} twice", entry.path);
    }
}

#[test]
fn every_entry_names_its_source_and_licence() {
    let register = register();
    for (key, source) in &register.source {
        for field in [&source.title, &source.licence, &source.cite] {
            assert!(!field.trim().is_empty(), "source {key} lacks title, licence or cite");
        }
    }
    for file in register.file.iter().chain(&register.elsewhere) {
        assert!(!file.sources.is_empty(), "{} names no source", file.path);
        for key in &file.sources {
            assert!(register.source.contains_key(key), "{}: unknown source {key}", file.path);
        }
        for field in [&file.what, &file.licence, &file.status, &file.changes] {
            assert!(!field.trim().is_empty(), "{} lacks what, licence, status or changes", file.path);
        }
    }
}

#[test]
fn every_row_names_its_source() {
    for file in register().file.iter().filter(|file| file.path.ends_with(".csv")) {
        let name = file.row_source.as_ref().unwrap_or_else(|| panic!("{} has no row_source", file.path));
        for (i, row) in table(&file.path).iter().enumerate() {
            let source = row.get(name).unwrap_or_else(|| panic!("{} has no column {name}", file.path));
            assert!(!source.trim().is_empty(), "{}, row {}: no source", file.path, i + 1);
        }
    }
}

#[test]
fn muscle_tables_refer_to_each_other() {
    let muscles = table("body/muscles.csv");
    let names = column(&muscles, "muscle");
    assert_eq!(names.len(), muscles.len(), "a muscle is listed twice");
    let bodies = column(&table("body/bodies.csv"), "body");
    let paths = table("body/paths.csv");
    assert_eq!(column(&paths, "muscle"), names);
    assert!(column(&paths, "body").is_subset(&bodies));
    let wraps = table("body/wraps.csv");
    assert!(column(&wraps, "muscle").is_subset(&names));
    assert!(column(&wraps, "body").is_subset(&bodies));
    let curves = column(&table("body/passive_curves.csv"), "name");
    assert!(column(&muscles, "passive_curve").is_subset(&curves));
    assert!(column(&table("body/landmarks.csv"), "body").is_subset(&bodies));
}

#[test]
fn every_muscle_belongs_to_its_group() {
    let muscles = table("body/muscles.csv");
    let keys = column(&muscles, "key");
    let groups = table("body/groups.csv");
    let members: BTreeSet<_> =
        groups.iter().map(|row| (row["group"].as_str(), row["member"].as_str())).collect();
    assert_eq!(members.len(), groups.len(), "a membership is listed twice");
    for row in groups.iter().filter(|row| row["kind"] == "muscle") {
        assert!(keys.contains(&row["member"]), "{}: no muscle {}", row["group"], row["member"]);
    }
    for row in &muscles {
        let membership = (row["tissue_group"].as_str(), row["key"].as_str());
        assert!(members.contains(&membership), "{}: {membership:?} is not in groups.csv", row["muscle"]);
    }
}

#[test]
fn couplings_name_coordinates() {
    let mut coordinates = column(&table("body/joints.csv"), "coordinate");
    let left: Vec<_> =
        coordinates.iter().filter(|name| name.contains("_r")).map(|name| mirrored(name)).collect();
    coordinates.extend(left);
    let couplings = table("body/couplings.csv");
    assert!(column(&couplings, "dependent").is_subset(&coordinates));
    assert!(column(&couplings, "source").is_subset(&coordinates));
}

/// The wide table repeats rows of passive.csv so that a level can be read as one line.
#[test]
fn segment_stiffness_repeats_the_published_rows() {
    let directions = [
        ("compression (axial)", "compression_N_per_m"),
        ("anterior-posterior shear", "anterior_shear_N_per_m"),
        ("lateral shear", "lateral_shear_N_per_m"),
        ("flexion", "flexion_Nm_per_rad"),
        ("extension", "extension_Nm_per_rad"),
        ("lateral bending", "lateral_bending_Nm_per_rad"),
        ("axial rotation", "axial_rotation_Nm_per_rad"),
    ];
    let published = table("body/passive.csv");
    let levels = table("body/segment_stiffness.csv");
    assert_eq!(levels.len(), 6);
    for level in &levels {
        for (direction, name) in directions {
            let row = published.iter().find(|row| {
                row["item"].starts_with("segment stiffness")
                    && row["level"] == level["level"]
                    && row["direction"] == direction
            });
            let value: f64 = row.unwrap()["value"].parse().unwrap();
            assert_eq!(level[name].parse::<f64>().unwrap(), value, "{} {name}", level["level"]);
        }
    }
}

#[test]
fn validation_and_ranges_stand_on_measurements() {
    let read = |path: &str| -> toml::Table { toml::from_str(&text(path)).unwrap() };
    let entries = |table: &toml::Table, name: &str| table[name].as_array().unwrap().clone();
    let string = |entry: &toml::Value, name: &str| entry[name].as_str().unwrap().to_owned();
    let number = |entry: &toml::Value, name: &str| entry[name].as_float().unwrap();
    let measurements = read("evidence/measurements.toml");
    let sources = measurements["source"].as_table().unwrap();
    let mut use_of = BTreeMap::new();
    for entry in entries(&measurements, "m") {
        assert!(sources.contains_key(&string(&entry, "source")), "{}: unknown source", string(&entry, "id"));
        let id = string(&entry, "id");
        assert!(use_of.insert(id.clone(), string(&entry, "use")).is_none(), "{id} is listed twice");
    }
    let mut ids = BTreeSet::new();
    for row in entries(&read("evidence/validation.toml"), "row") {
        let id = string(&row, "id");
        assert_eq!(use_of.get(&string(&row, "measurement")), Some(&string(&row, "use")), "{id}");
        let (low, measured, high) = (number(&row, "low"), number(&row, "measured"), number(&row, "high"));
        assert!(low <= measured && measured <= high && low < high, "{id}: {low} {measured} {high}");
        assert!(!string(&row, "spread").is_empty(), "{id} does not say where its interval comes from");
        assert!(ids.insert(id.clone()), "{id} is listed twice");
    }
    assert!(ids.len() >= 25);
    for range in entries(&read("evidence/normal_ranges.toml"), "range") {
        let (id, measure) = (string(&range, "measurement"), string(&range, "measure"));
        assert!(use_of.contains_key(&id), "{measure}: no measurement {id}");
        assert!(number(&range, "sd") > 0.0, "{measure}");
    }
}
