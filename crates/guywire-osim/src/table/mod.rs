//! Tables over time: what `.sto`, `.mot`, `.csv`, `.trc` and C3D files hold, with the unit of every column.

/// What a column's numbers mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// rad.
    Radian,
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
}
