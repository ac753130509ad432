//! Tables over time: what `.sto`, `.mot`, `.csv`, `.trc` and C3D files hold, with the unit of every column.
//!
//! Readers are total: any bytes give a table or a [`TableError`] that points at the place. What a reader had to
//! decide that the file does not say stands in `notes`.

pub mod c3d;
mod error;
pub mod sto;
mod text;
pub mod trc;
pub mod write;

pub use c3d::C3d;
pub use error::TableError;

/// What a column's numbers mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// rad.
    Radian,
    /// rad/s.
    RadianPerSecond,
    /// Degrees.
    Degree,
    /// m.
    Metre,
    /// mm.
    Millimetre,
    /// N.
    Newton,
    /// N·m.
    NewtonMetre,
    /// A number without unit.
    One,
    /// Neither the file nor the name says.
    Unstated,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Name, as in the file.
    pub name: String,
    /// Unit of the values.
    pub unit: Unit,
    /// One value a row; NaN where the file has none.
    pub values: Vec<f64>,
}

/// Columns over time.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Table {
    /// Name that the file gives itself.
    pub name: String,
    /// What the file says of angles: `inDegrees=yes`, `no`, or nothing.
    pub in_degrees: Option<bool>,
    /// Other `key=value` lines of the header, in order.
    pub header: Vec<(String, String)>,
    /// s, strictly increasing.
    pub time: Vec<f64>,
    /// Columns but time.
    pub columns: Vec<Column>,
    /// What the reader decided that the file does not say, or says twice.
    pub notes: Vec<String>,
}

impl Table {
    /// The same with angles and how fast they change in degrees, as `.mot` files for display have them.
    pub fn to_degrees(mut self) -> Self {
        let radians = |column: &&mut Column| {
            matches!(column.unit, Unit::Radian | Unit::RadianPerSecond) && self.in_degrees != Some(true)
        };
        for column in self.columns.iter_mut().filter(radians) {
            column.values.iter_mut().for_each(|value| *value = value.to_degrees());
        }
        self.in_degrees = Some(true);
        self
    }

    /// A column by name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// A value of a column at a time (s): straight between rows, the first or last one beyond them.
    pub fn value_at(&self, column: &Column, time: f64) -> f64 {
        let (after, values) = (self.time.partition_point(|&t| t <= time), &column.values);
        match (after, values.len()) {
            (_, 0) => f64::NAN,
            (0, _) => values[0],
            (after, count) if after >= count => values[count - 1],
            (after, _) => {
                let [before, behind] = [self.time[after - 1], self.time[after]];
                let share = (time - before) / (behind - before);
                values[after - 1] + share * (values[after] - values[after - 1])
            }
        }
    }

    /// Adds a row, unless its time is the last row's: then it takes that row's place, as in OpenSim's `Storage`.
    /// `values` yields one number a column.
    pub fn push_row(&mut self, time: f64, values: impl IntoIterator<Item = f64>) {
        let again = self.time.last() == Some(&time);
        if !again {
            self.time.push(time);
        }
        for (column, value) in self.columns.iter_mut().zip(values) {
            if again {
                column.values.pop();
            }
            column.values.push(value);
        }
    }

    /// An empty table with columns of these names and units.
    pub fn with_columns(name: &str, columns: impl IntoIterator<Item = (String, Unit)>) -> Self {
        let columns = columns.into_iter().map(|(name, unit)| Column { name, unit, values: vec![] }).collect();
        Self { name: name.to_owned(), columns, ..Self::default() }
    }
}

/// Positions of markers over time.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MarkerTable {
    /// Names.
    pub names: Vec<String>,
    /// s, strictly increasing.
    pub time: Vec<f64>,
    /// Positions frame by frame, each frame in the order of `names`, m; none where a marker was not seen.
    pub positions: Vec<Option<guywire_math::Vec3<f64>>>,
    /// What the reader decided that the file does not say, or says twice.
    pub notes: Vec<String>,
}

impl MarkerTable {
    /// The markers of a frame, in the order of `names`.
    pub fn frame(&self, index: usize) -> &[Option<guywire_math::Vec3<f64>>] {
        let count = self.names.len();
        self.positions.get(index * count..(index + 1) * count).unwrap_or(&[])
    }
}

/// A format of tables in text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `.sto`.
    Sto,
    /// `.mot`: without a version in its header, angles are in degrees unless it says otherwise (as SIMM's).
    Mot,
    /// `.csv`, `.txt`: as `.sto`, but the header may be missing.
    Csv,
}

impl Format {
    /// By the ending of a file name.
    ///
    /// # Errors
    /// When it is none of these.
    pub fn of(name: &str) -> Result<Self, TableError> {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        match ending.as_deref() {
            Some("sto") => Ok(Self::Sto),
            Some("mot") => Ok(Self::Mot),
            Some("csv" | "txt") => Ok(Self::Csv),
            _ => Err(TableError::Format { name: name.to_owned() }),
        }
    }
}

impl Table {
    /// Reads `.sto`, `.mot` or `.csv`.
    ///
    /// # Errors
    /// When the bytes are not a table of that format.
    pub fn read(bytes: &[u8], format: Format) -> Result<Self, TableError> {
        sto::read(bytes, format)
    }

    /// As an OpenSim `.sto` or `.mot` file.
    pub fn to_sto(&self) -> Vec<u8> {
        write::sto(self)
    }
}

impl MarkerTable {
    /// Reads `.trc`.
    ///
    /// # Errors
    /// When the bytes are not a marker file.
    pub fn read_trc(bytes: &[u8]) -> Result<Self, TableError> {
        trc::read(bytes)
    }
}

impl C3d {
    /// Reads `.c3d`.
    ///
    /// # Errors
    /// When the bytes contradict the format.
    pub fn read(bytes: &[u8]) -> Result<Self, TableError> {
        c3d::read(bytes)
    }
}
