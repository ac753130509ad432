//! Sets kept in files of their own. `files/printed.osim` is what OpenSim 4.6 made of `files/model.osim` and the files
//! that it names, one of them of an older version with defaults of its own (`files/make.py`).

mod common;

use common::{difference, lines};
use guywire_osim::inclusion::{InclusionError, include};
use guywire_osim::report::Fate;
use guywire_osim::xml::Document;
use guywire_osim::{OsimModel, ReadError, ReadOptions};

fn bytes(name: &str) -> Result<Vec<u8>, String> {
    let path = format!("{}/tests/files/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).map_err(|error| error.to_string())
}

fn model_without(missing: &str, allow_missing: bool) -> Result<OsimModel, ReadError> {
    let model = bytes("model.osim").expect("a fixture");
    OsimModel::read_with_files(&model, &ReadOptions { allow_missing }, &mut |name| {
        if name == missing { Err("it was taken away".to_owned()) } else { bytes(name) }
    })
}

#[test]
fn a_model_in_parts_is_what_opensim_makes_of_it() {
    let model = model_without("", false).expect("a model");
    let printed = OsimModel::read(&bytes("printed.osim").expect("a fixture"), &ReadOptions::default());
    let printed = printed.expect("a model in one file");
    assert_eq!(difference(&lines(&model.description), &lines(&printed.description)), None);
    // It is written in one file.
    let again = OsimModel::read(&model.to_bytes(), &ReadOptions::default()).expect("what was written");
    assert_eq!(difference(&lines(&model.description), &lines(&again.description)), None);
}

#[test]
fn the_report_says_in_which_file_an_object_is() {
    let model = model_without("", false).expect("a model");
    let entry = |name: &str| model.report.entries.iter().find(|e| e.name == name).expect("an entry").clone();
    let marker = entry("tip");
    assert_eq!((marker.file.as_deref(), marker.line), (Some("sets/markers.xml"), 5));
    assert_eq!((entry("j").file, entry("j").line), (None, 7));
}

#[test]
fn a_missing_file_is_an_error_or_refused_by_name() {
    let error = model_without("forces.xml", false).expect_err("no forces").to_string();
    assert_eq!(
        error,
        "line 16: ForceSet: its objects are in the file `forces.xml`, which cannot be read: it was taken away"
    );
    let model = model_without("forces.xml", true).expect("allowed");
    let refused: Vec<_> = model.report.refused().collect();
    assert!(matches!(&refused[..], [entry] if entry.class == "ForceSet"), "{refused:?}");
    assert!(matches!(&refused[0].fate, Fate::Refused(reason) if reason.contains("`forces.xml`")));
    assert_eq!(model.description.markers.len(), 1);
}

#[test]
fn wrong_values_name_their_file() {
    let model = bytes("model.osim").expect("a fixture");
    let error = OsimModel::read_with_files(&model, &ReadOptions::default(), &mut |name| {
        let text = String::from_utf8(bytes(name)?).expect("text");
        Ok(text.replace("0.2 0 0.01", "0.2 zero 0.01").into_bytes())
    });
    assert_eq!(
        error.expect_err("a bad number").to_string(),
        "sets/markers.xml, line 5: Marker `tip`: `location` is `0.2 zero 0.01`; expected three finite numbers"
    );
}

fn set(content: &str) -> Vec<u8> {
    format!("<OpenSimDocument Version=\"40000\"><IKTaskSet>{content}</IKTaskSet></OpenSimDocument>")
        .into_bytes()
}

/// Puts the files into a setup.
fn setup(files: &dyn Fn(&str) -> Vec<u8>) -> Result<Document, InclusionError> {
    let text = "<OpenSimDocument Version=\"40000\"><ScaleTool>\n<IKTaskSet file=\"a.xml\"/></ScaleTool></OpenSimDocument>";
    let mut document = Document::parse(text.as_bytes()).expect("XML");
    include(&mut document, &mut |name| Ok(files(name)))?;
    Ok(document)
}

#[test]
fn files_may_be_in_files_but_not_in_themselves() {
    let document = setup(&|name| match name {
        "a.xml" => set("<objects><IKTaskSet file=\"b.xml\"/></objects>"),
        _ => set("<objects><IKMarkerTask name=\"m\"/></objects>"),
    })
    .expect("two files");
    let text = String::from_utf8(document.to_bytes()).expect("text");
    assert!(text.contains("<IKMarkerTask name=\"m\" />") && !text.contains("file="), "{text}");

    let error = setup(&|name| match name {
        "a.xml" => set("<objects><IKTaskSet file=\"b.xml\"/></objects>"),
        _ => set("\n<objects><IKTaskSet file=\"a.xml\"/></objects>"),
    });
    assert_eq!(
        error.expect_err("a cycle").to_string(),
        "b.xml, line 2: IKTaskSet: the file `a.xml` contains itself, by way of a.xml → b.xml"
    );
}

#[test]
fn what_grows_without_end_is_refused() {
    // Every file has two of the next in it.
    let twice = |name: &str| {
        let next = name.trim_end_matches(".xml").len();
        let next = format!("{}.xml", "a".repeat(next + 1));
        set(&format!("<objects><IKTaskSet file=\"{next}\"/><IKTaskSet file=\"{next}\"/></objects>"))
    };
    assert!(matches!(setup(&twice), Err(InclusionError::TooMuch { .. })));
    // Defaults that many objects take over.
    let many = |_: &str| {
        let defaults = format!(
            "<defaults><A>{}</A></defaults>",
            (0..4000).map(|k| format!("<p{k}/>")).collect::<String>()
        );
        set(&format!("{defaults}<objects>{}</objects>", "<A/>".repeat(4000)))
    };
    assert!(matches!(setup(&many), Err(InclusionError::TooMuch { .. })));
}

#[test]
fn something_else_in_the_file_is_refused() {
    let error = setup(&|_| b"<OpenSimDocument Version=\"40000\"><MarkerSet/></OpenSimDocument>".to_vec());
    assert_eq!(
        error.expect_err("markers").to_string(),
        "line 2: IKTaskSet: the file `a.xml` holds a `MarkerSet`; expected a `IKTaskSet`"
    );
    assert!(matches!(setup(&|_| b"no".to_vec()), Err(InclusionError::NotXml { .. })));
}

/// Also where files may be missing, so many are refused rather than looked for.
#[test]
fn more_missing_files_than_anybody_has_are_refused() {
    let read = |count: usize| {
        let missing = "<Body file=\"x.xml\"/>".repeat(count);
        let text = format!(
            "<OpenSimDocument Version=\"40600\"><Model name=\"m\"><Spare>{missing}</Spare></Model></OpenSimDocument>"
        );
        let none = &mut |_: &str| Err("there is none".to_owned());
        OsimModel::read_with_files(text.as_bytes(), &ReadOptions { allow_missing: true }, none)
    };
    assert!(read(900).is_ok());
    let error = read(20_000).expect_err("too many").to_string();
    assert!(error.contains("more than 1000 objects are in files of their own"), "{error}");
}
