//! From a static and a walking trial to the walking motion of a person's own model: scale, place markers, inverse
//! kinematics; timed, files to files.
//!
//! ```text
//! cargo run --release -p guywire-tools --example walk -- FOLDER SCALE_SETUP IK_SETUP [OUT]
//! ```
//!
//! Setups are OpenSim's. The model that scaling makes is used for the motion, whatever the second setup names; with
//! `-` for the first setup nothing is scaled and the second setup's model is used.

use guywire_osim::build::Built;
use guywire_osim::table::MarkerTable;
use guywire_osim::xml::Document;
use guywire_osim::{OsimModel, ReadOptions};
use guywire_tools::ik::{self, IkSettings};
use guywire_tools::scale::{self, ScaleInputs, ScaleSettings};
use guywire_tools::setup::SetupObject;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, scale_setup, ik_setup, rest @ ..] = arguments.as_slice() else {
        return Err("usage: walk FOLDER SCALE_SETUP IK_SETUP [OUT]".into());
    };
    let folder = Path::new(folder);
    let bytes = if scale_setup == "-" { None } else { Some(scaled(folder, scale_setup)?) };

    let started = Instant::now();
    let setup = Document::parse(&read(folder, ik_setup)?)?;
    let (settings, files) = IkSettings::from_setup(&SetupObject::tool(&setup))?;
    let bytes = match bytes {
        Some(bytes) => bytes,
        None => read(folder, &files.model)?,
    };
    let model = OsimModel::read(&bytes, &ReadOptions::default())?;
    let built = Built::new(&model.description)?;
    let trial = MarkerTable::read_trc(&read(folder, &files.markers)?)?;
    let read_in = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let result = ik::run(&model.description, &built, &trial, None, &settings, &|_, _| ())?;
    let solved = started.elapsed().as_secs_f64();
    let motion = result.motion().to_sto();
    let frames = result.time.len();
    let worst = (0..frames).map(|k| result.error_summary(k).1).fold(0.0, f64::max);
    println!(
        "inverse kinematics: {frames} frames, {:.3} ms each ({:.1} ms to read), largest root mean square error {worst:.4} m",
        1e3 * solved / frames as f64,
        1e3 * read_in
    );
    if let [out] = rest {
        let out = Path::new(out);
        std::fs::create_dir_all(out)?;
        std::fs::write(out.join("model.osim"), bytes)?;
        std::fs::write(out.join("ik.mot"), motion)?;
    }
    Ok(())
}

fn read(folder: &Path, name: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    std::fs::read(folder.join(name)).map_err(|e| format!("{name}: {e}").into())
}

fn markers(folder: &Path, name: &Option<String>) -> Result<Option<MarkerTable>, Box<dyn Error>> {
    name.as_ref().map(|name| Ok(MarkerTable::read_trc(&read(folder, name)?)?)).transpose()
}

/// The person's model as a file.
fn scaled(folder: &Path, scale_setup: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let started = Instant::now();
    let setup = Document::parse(&read(folder, scale_setup)?)?;
    let (settings, files) = ScaleSettings::from_setup(&SetupObject::tool(&setup))?;
    let model = OsimModel::read(&read(folder, &files.model)?, &ReadOptions::default())?;
    let marker_set = files
        .marker_set
        .as_ref()
        .map(|name| Document::parse(&read(folder, name)?).map_err(Box::<dyn Error>::from));
    let marker_set = marker_set.transpose()?;
    let (measured, posed) = (markers(folder, &files.measured)?, markers(folder, &files.posed)?);
    let inputs = ScaleInputs {
        model,
        marker_set: marker_set.as_ref(),
        measured: measured.as_ref(),
        posed: posed.as_ref(),
        coordinates: None,
    };
    let made = scale::run(inputs, &settings)?;
    println!("scaled in {:.1} ms", 1e3 * started.elapsed().as_secs_f64());
    if let Some(placed) = &made.placed {
        let worst = placed.errors.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        let (name, error) = worst.map_or(("", 0.0), |(name, error)| (name.as_str(), *error));
        println!(
            "static pose: {} markers placed, before that {name} was furthest off, {error:.3} m",
            placed.moved.len()
        );
    }
    Ok(made.model.to_bytes())
}
