//! The verbs that put whole motions through an OpenSim model.

use clap::{Args, Subcommand, ValueEnum, ValueHint};
use std::path::PathBuf;

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum ToolCommand {
    /// What of an OpenSim model is used, approximated or refused, line by line
    #[command(after_help = IMPORT_EXAMPLES)]
    Import {
        /// Model (.osim, any version that OpenSim 4.6 reads)
        #[arg(value_hint = ValueHint::FilePath)]
        model: PathBuf,
        /// List every element, not only what is approximated or refused
        #[arg(long)]
        all: bool,
        /// Go on without forces that are not understood; they are listed as refused
        #[arg(long)]
        allow_missing: bool,
        /// Write the model again, upgraded to document version 40600
        #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        output: Option<PathBuf>,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Run an OpenSim setup file: scale, ik, id, analyze (so, jr, muscle analysis), forward
    #[command(after_help = TOOL_EXAMPLES)]
    Tool {
        /// Setup file (XML); the files that it names are looked for beside it
        #[arg(value_hint = ValueHint::FilePath)]
        setup: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// Scale a model to a subject and place its markers
    #[command(after_help = SCALE_EXAMPLES)]
    Scale {
        /// Setup file of OpenSim's ScaleTool
        #[arg(value_hint = ValueHint::FilePath)]
        setup: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// Inverse kinematics: coordinates from markers
    #[command(after_help = IK_EXAMPLES)]
    Ik {
        #[command(flatten)]
        model: ModelFile,
        /// Marker positions (.trc or .c3d)
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        markers: PathBuf,
        /// Weights: an IKTaskSet or InverseKinematicsTool file; all markers weigh 1 without it
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        tasks: Option<PathBuf>,
        /// Coordinates to follow beside the markers (.mot, .sto), for tasks that ask for a file
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        coordinates: Option<PathBuf>,
        #[command(flatten)]
        range: TimeRange,
        #[command(flatten)]
        common: Common,
    },
    /// Inverse dynamics: the moments that a motion needs
    #[command(after_help = ID_EXAMPLES)]
    Id {
        #[command(flatten)]
        model: ModelFile,
        #[command(flatten)]
        accelerations: Accelerations,
        #[command(flatten)]
        motion: MotionFile,
        #[command(flatten)]
        range: TimeRange,
        #[command(flatten)]
        common: Common,
    },
    /// Static optimisation: muscle forces that make those moments with least effort
    #[command(after_help = SO_EXAMPLES)]
    So {
        #[command(flatten)]
        model: ModelFile,
        #[command(flatten)]
        accelerations: Accelerations,
        #[command(flatten)]
        motion: MotionFile,
        /// Actuators to add to the model (a ForceSet file), such as reserves and residuals
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        actuators: Vec<PathBuf>,
        /// Exponent of the activations in the cost
        #[arg(long, value_name = "P", default_value_t = 2.0)]
        exponent: f64,
        /// Force is activation times maximal isometric force, whatever the length and speed
        #[arg(long)]
        no_physiology: bool,
        /// Muscles are as strong as their fibres are along the tendon; OpenSim leaves the pennation of Millard's and De
        /// Groote's muscles out
        #[arg(long, conflicts_with = "no_physiology")]
        along_tendon: bool,
        #[command(flatten)]
        range: TimeRange,
        #[command(flatten)]
        common: Common,
    },
    /// Joint reactions: what passes through every joint
    #[command(after_help = JR_EXAMPLES)]
    Jr {
        #[command(flatten)]
        model: ModelFile,
        #[command(flatten)]
        accelerations: Accelerations,
        #[command(flatten)]
        motion: MotionFile,
        /// Actuators to add to the model (a ForceSet file)
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        actuators: Vec<PathBuf>,
        /// Forces of muscles and actuators (.sto), as `guywire so` writes them
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        forces: PathBuf,
        /// Joints; all of them without it
        #[arg(long = "joint", value_name = "NAME")]
        joints: Vec<String>,
        /// On which of its bodies a joint acts
        #[arg(long, default_value = "child")]
        on: End,
        /// In whose frame the reaction is expressed
        #[arg(long = "in", default_value = "ground")]
        frame: ReactionFrame,
        #[command(flatten)]
        range: TimeRange,
        #[command(flatten)]
        common: Common,
    },
    /// Lengths, moment arms and forces of muscles over a motion
    #[command(after_help = ANALYZE_EXAMPLES)]
    Analyze {
        #[command(flatten)]
        model: ModelFile,
        #[command(flatten)]
        motion: MotionFile,
        /// Muscles; all of them without it
        #[arg(long = "muscle", value_name = "NAME")]
        muscles: Vec<String>,
        #[command(flatten)]
        range: TimeRange,
        #[command(flatten)]
        common: Common,
    },
    /// Forward dynamics: the motion that controls make
    #[command(after_help = FD_EXAMPLES)]
    Fd {
        #[command(flatten)]
        model: ModelFile,
        #[command(flatten)]
        accelerations: Accelerations,
        /// Controls of muscles and actuators by time (.sto, or a ControlSet in XML); the model's own
        /// controllers act without it
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        controls: Option<PathBuf>,
        /// States to start from (.sto); the model's default without it
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        states: Option<PathBuf>,
        /// External loads (XML)
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        external_loads: Option<PathBuf>,
        /// Error allowed in a step, relative
        #[arg(long, value_name = "E", default_value_t = 1e-5)]
        accuracy: f64,
        #[command(flatten)]
        range: TimeRange,
        #[command(flatten)]
        common: Common,
    },
}

/// The model of a run.
#[derive(Debug, Args)]
pub struct ModelFile {
    /// Model (.osim)
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub model: PathBuf,
    /// Go on without forces that are not understood
    #[arg(long)]
    pub allow_missing: bool,
}

/// Which accelerations a model has.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct Accelerations {
    /// Take the accelerations that belong to the motion where OpenSim's do not: in custom joints whose rotations share
    /// a coordinate, such as knees with splines. Results then differ from OpenSim's
    #[arg(long)]
    pub true_accelerations: bool,
}

/// A motion and what goes with it.
#[derive(Debug, Args)]
pub struct MotionFile {
    /// Coordinates by time (.mot, .sto)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub motion: PathBuf,
    /// External loads (XML), such as ground reactions
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub external_loads: Option<PathBuf>,
    /// Cut-off of the low-pass filter on the coordinates; none without it
    #[arg(long, value_name = "HZ")]
    pub lowpass_hz: Option<f64>,
}

/// Part of a motion.
#[derive(Clone, Copy, Debug, Args)]
pub struct TimeRange {
    /// First time, s
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub from: Option<f64>,
    /// Last time, s
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub to: Option<f64>,
}

impl TimeRange {
    /// The range, with what is not given from `otherwise`.
    pub fn or(self, otherwise: [f64; 2]) -> [f64; 2] {
        [self.from.unwrap_or(otherwise[0]), self.to.unwrap_or(otherwise[1])]
    }
}

/// Where results go.
#[derive(Debug, Args)]
pub struct Common {
    /// Folder for the result files; made if it does not exist
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub output: Option<PathBuf>,
    /// Print one JSON object with the result tables as well
    #[arg(long)]
    pub json: bool,
}

/// A body of a joint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum End {
    /// The parent.
    Parent,
    /// The child.
    Child,
}

/// A frame for reactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReactionFrame {
    /// Ground.
    Ground,
    /// The joint's frame on the parent.
    Parent,
    /// The joint's frame on the child.
    Child,
}

const IMPORT_EXAMPLES: &str = "\
Examples:
  guywire import my-model.osim
      what of it is approximated or refused, and why
  guywire import old-model.osim -o new-model.osim
      the same model in today's format";

const TOOL_EXAMPLES: &str = "\
Examples:
  guywire tool setup_ik.xml
  guywire tool setup_so.xml -o results --json

The kind of tool is read from the file; its output files get OpenSim's names.";

const SCALE_EXAMPLES: &str = "\
Examples:
  guywire scale setup_scale.xml";

const IK_EXAMPLES: &str = "\
Examples:
  guywire ik --model subject.osim --markers walk.trc --tasks ik_tasks.xml --from 0.4 --to 1.6
      writes ik.mot and the marker errors";

const ID_EXAMPLES: &str = "\
Examples:
  guywire id --model subject.osim --motion ik.mot --external-loads grf.xml --lowpass-hz 6
      writes id.sto";

const SO_EXAMPLES: &str = "\
Examples:
  guywire so --model subject.osim --motion ik.mot --external-loads grf.xml --lowpass-hz 6 \\
      --actuators reserves.xml
      writes so_StaticOptimization_activation.sto and so_StaticOptimization_force.sto

A frame that the muscles cannot make is an error that names the joint, the missing moment and the
muscles that could supply it.";

const JR_EXAMPLES: &str = "\
Examples:
  guywire jr --model subject.osim --motion ik.mot --external-loads grf.xml --lowpass-hz 6 \\
      --forces so_StaticOptimization_force.sto --joint hip_r --in child
      writes jr_JointReaction_ReactionLoads.sto";

const ANALYZE_EXAMPLES: &str = "\
Examples:
  guywire analyze --model subject.osim --motion ik.mot --muscle psoas_r -o results";

const FD_EXAMPLES: &str = "\
Examples:
  guywire fd --model arm26.osim --controls controls.sto --to 1";
