//! External loads: forces from outside whose values stand in a table.

/// One force, in OpenSim's words (`ExternalForce`).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ExternalForce {
    /// Name.
    pub name: String,
    /// The file's `isDisabled` (before version 4) or `appliesForce` = false.
    pub disabled: bool,
    /// Body that it acts on.
    pub applied_to_body: String,
    /// Body whose axes force and torque are given in; `ground` if empty.
    pub force_expressed_in_body: String,
    /// Body whose frame the point is given in; `ground` if empty.
    pub point_expressed_in_body: String,
    /// What the names of the three columns of the force begin with; no force if empty.
    pub force_identifier: String,
    /// The same for the point; the force acts at the origin of the body if empty.
    pub point_identifier: String,
    /// The same for the torque; no torque if empty.
    pub torque_identifier: String,
}

/// All forces of a file (`ExternalLoads`).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ExternalLoads {
    /// Name.
    pub name: String,
    /// File with the table.
    pub data_file: String,
    /// Forces.
    pub forces: Vec<ExternalForce>,
}
