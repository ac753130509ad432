//! One model with its reference data, read and built.

use anyhow::{Context, Result, bail};
use guywire_engine::{Dynamics, Kinematics};
use guywire_math::Vec3;
use guywire_osim::build::Built;
use guywire_osim::{OsimModel, ReadOptions};
use serde_json::Value;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A model, what guywire made of it, and what OpenSim computed of it.
pub struct Case {
    /// Name of the data file without its endings.
    pub name: String,
    /// The reference data.
    pub data: Value,
    /// The model file.
    pub model: OsimModel,
    /// The engine models.
    pub built: Built,
}

/// A pose of the reference data, with the state of the tree there.
pub struct Pose<'c> {
    /// Which pose.
    pub index: usize,
    /// Its data.
    pub data: &'c Value,
    /// Coordinates, rad or m.
    pub q: Vec<f64>,
    /// Rates of the coordinates.
    pub rates: Vec<f64>,
    /// The tree at `q`.
    pub kinematics: Kinematics<f64>,
    /// The tree at `q` and `rates`.
    pub dynamics: Dynamics<f64>,
}

impl Case {
    /// Reads a data file and the model that it names, which lies in `models`.
    pub fn read(data: &Path, models: &Path) -> Result<Self> {
        let file = data.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let name = file.trim_end_matches(".gz").trim_end_matches(".json").to_owned();
        let bytes = std::fs::read(data).with_context(|| file.to_owned())?;
        let mut text = String::new();
        if file.ends_with(".gz") {
            flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text)?;
        } else {
            text = String::from_utf8(bytes)?;
        }
        let data: Value = serde_json::from_str(&text)?;
        if data["format"] != "guywire-conformance/1" {
            bail!("{file}: the format is {}, not guywire-conformance/1", data["format"]);
        }
        let model_file = data["model_file"].as_str().context("no model_file")?;
        let bytes = std::fs::read(models.join(model_file)).with_context(|| model_file.to_owned())?;
        let model = OsimModel::read(&bytes, &ReadOptions::default())?;
        let built = Built::new(&model.description)?;
        let names = built.index.coordinate_names();
        let expected = strings(&data["coordinates"]);
        if names != expected {
            bail!("coordinates are {names:?}, not {expected:?}");
        }
        Ok(Self { name, data, model, built })
    }

    /// The poses, each with the tree moved there.
    pub fn poses(&self) -> impl Iterator<Item = Result<Pose<'_>>> {
        let poses = self.data["poses"].as_array().map_or(&[][..], Vec::as_slice);
        poses.iter().enumerate().map(|(index, data)| {
            let (q, mut rates) = (numbers(&data["q"]), numbers(&data["u"]));
            let tree = &self.built.tree;
            if q.len() != tree.dof() || rates.len() != tree.dof() {
                bail!("pose {index} does not have {} coordinates", tree.dof());
            }
            self.built.speeds.to_rates(&q, &mut rates)?;
            let mut kinematics = Kinematics::new(tree);
            kinematics.update(tree, &q);
            let mut dynamics = Dynamics::new(tree, self.built.gravity);
            dynamics.update(tree, &kinematics, &rates);
            Ok(Pose { index, data, q, rates, kinematics, dynamics })
        })
    }

    /// The names of one of the lists at the top of the data.
    pub fn names(&self, list: &str) -> Vec<String> {
        strings(&self.data[list])
    }
}

/// Where each of `wanted` stands in `names`: of several with one name the first time the first, then the next.
pub fn places(names: &[String], wanted: &[String]) -> Result<Vec<usize>> {
    let place = |(k, name): (usize, &String)| {
        let before = wanted[..k].iter().filter(|n| *n == name).count();
        let mut own = (0..names.len()).filter(|&i| names[i] == *name);
        own.nth(before).with_context(|| format!("no {} `{name}`", before + 1))
    };
    wanted.iter().enumerate().map(place).collect()
}

/// Every data file of a folder, in the order of names.
pub fn data_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("{}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.map(|e| Ok(e?.path())).collect::<Result<_>>()?;
    files.retain(|f| f.to_str().is_some_and(|f| f.ends_with(".json.gz") || f.ends_with(".json")));
    files.sort();
    Ok(files)
}

/// A list of names, or of objects that have a name.
fn strings(list: &Value) -> Vec<String> {
    let name = |v: &Value| v.as_str().or_else(|| v["name"].as_str()).unwrap_or_default().to_owned();
    list.as_array().into_iter().flatten().map(name).collect()
}

/// A list of numbers; null is not a number.
pub fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().into_iter().flatten().map(|v| v.as_f64().unwrap_or(f64::NAN)).collect()
}

/// A list of three numbers.
pub fn vector(list: &Value) -> Vec3<f64> {
    let number = |k: usize| list[k].as_f64().unwrap_or(f64::NAN);
    Vec3::new(number(0), number(1), number(2))
}
