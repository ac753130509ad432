//! Reads a model and writes it twice: `rewrite_model IN.osim EDITED.osim ANEW.osim`.
//!
//! The first copy is the document as it was read and brought to the newest version; the second is written from
//! the typed values alone. OpenSim must load both and find the same model (`conformance/write_check.py`).

use std::error::Error;

use guywire_osim::{OsimModel, ReadOptions, write};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [source, edited, anew] = arguments.as_slice() else {
        return Err("expected three files: IN EDITED ANEW".into());
    };
    let model = OsimModel::read(&std::fs::read(source)?, &ReadOptions::default())?;
    std::fs::write(edited, model.to_bytes())?;
    std::fs::write(anew, write::document(&model.description).to_bytes())?;
    Ok(())
}
