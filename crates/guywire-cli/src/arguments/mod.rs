//! The command line.

pub mod tools;
mod weeks;

pub use weeks::{DiaryOptions, ForecastOptions, PlanOptions, ReportOptions};

use clap::{Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;
use std::path::PathBuf;
use weeks::{DIARY_EXAMPLES, FORECAST_EXAMPLES, PLAN_EXAMPLES, REPORT_EXAMPLES};

/// From a person's case file to posture, muscle tensions and disc loads.
///
/// guywire solves the static equilibrium of pelvis, hips and lower back under gravity, muscles,
/// ligaments and contact. It does not diagnose and does not predict pain.
#[derive(Debug, Parser)]
#[command(name = "guywire", version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  guywire screen examples/desk-worker.toml
      what must be asked first, and where the answers lead
  guywire report examples/desk-worker.toml
      write desk-worker.html and desk-worker.json, print a summary
  guywire posture examples/reference.toml --position standing --set hip_flexors.length=0.9
      how a reference person with hip flexors 10 % shorter stands
  guywire posture examples/runner.toml --position bend_60 --json | jq .discs
      the disc loads of a forward bend, for another program
  guywire validate
      the model against measured people; exit status 1 if a required row is outside

Exit status: 0 done, 1 not solved, not written or outside, 2 wrong arguments or case file.";

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Ask what must be known before any programme, and say where the answers lead
    #[command(after_help = SCREEN_EXAMPLES)]
    Screen(ScreenOptions),
    /// Solve all positions of a case or a model; write NAME.html and NAME.json, print a summary
    #[command(after_help = REPORT_EXAMPLES)]
    Report(ReportOptions),
    /// Solve one position of a case or a model
    #[command(after_help = POSTURE_EXAMPLES)]
    Posture {
        /// Case file (TOML), or an OpenSim model of a person (.osim)
        #[arg(value_hint = ValueHint::FilePath)]
        case: PathBuf,
        #[command(flatten)]
        model: ModelOptions,
        /// Position, as `guywire positions` lists them
        #[arg(long, value_name = "NAME")]
        position: String,
        /// Tissue setting on top of the case's own, such as hip_flexors.length=0.9; may be repeated
        #[arg(long = "set", value_name = "TISSUE.PROPERTY=VALUE")]
        settings: Vec<String>,
        /// Write the posed body as binary glTF
        #[arg(long, value_name = "FILE.glb", value_hint = ValueHint::FilePath)]
        gltf: Option<PathBuf>,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Do a clinical test on a person's body: what an examiner would read
    #[command(after_help = TEST_EXAMPLES, mut_arg("members", fewer))]
    Test(TestOptions),
    /// Do an exercise on a person's body: what it stretches, what works, what the discs carry
    #[command(after_help = EXERCISE_EXAMPLES, mut_arg("members", fewer))]
    Exercise(ExerciseOptions),
    /// Fit a person's tissue to the clinical tests of all their visits, with intervals
    #[command(after_help = FIT_EXAMPLES)]
    Fit {
        /// Case file (TOML) with a `[[visit]]`
        #[arg(value_hint = ValueHint::FilePath)]
        case: PathBuf,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Show what each hour of a person's week does to muscles and discs
    #[command(after_help = WEEK_EXAMPLES, mut_arg("members", fewer))]
    Week(WeekOptions),
    /// Forecast tissue, tests, posture and disc loads over the weeks, in bands
    #[command(after_help = FORECAST_EXAMPLES)]
    Forecast(ForecastOptions),
    /// Find the least weekly time that reaches goals, and what else was looked at
    #[command(after_help = PLAN_EXAMPLES)]
    Plan(PlanOptions),
    /// Say what the diary of a case does to the doses of a plan: more, as it is, less, or stop
    #[command(after_help = DIARY_EXAMPLES)]
    Diary(DiaryOptions),
    /// Write a person's body as an OpenSim model, and list what OpenSim cannot say of it
    Export {
        /// Case file (TOML); without it the reference body
        #[arg(value_hint = ValueHint::FilePath)]
        case: Option<PathBuf>,
        /// File to write
        #[arg(short, long, value_name = "FILE.osim", default_value = "body.osim", value_hint = ValueHint::FilePath)]
        output: PathBuf,
        /// Print the list as a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Compare the model with measured people
    Validate {
        /// Print a JSON array, a row each
        #[arg(long)]
        json: bool,
    },
    /// Show what the body is made of
    Body {
        /// What to show
        #[arg(default_value = "list")]
        what: BodyPart,
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// List the positions
    Positions,
    #[command(flatten)]
    Tool(Box<tools::ToolCommand>),
    /// Print completions for a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
}

/// What a model needs besides itself.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ModelOptions {
    /// What the model calls its parts, where its names are unusual (TOML: [bodies], [coordinates], [markers])
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub names: Option<PathBuf>,
    /// Go on without forces of the model that are not understood
    #[arg(long)]
    pub allow_missing: bool,
}

/// Over which bodies intervals are told.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct EnsembleOptions {
    /// Bodies that are drawn for the intervals: as the tests allow, or as the case says where there are no readings
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(20..=100_000))]
    pub members: u32,
    /// What they are drawn with: the same seed gives the same numbers
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Neither read nor keep numbers of solved bodies on this machine
    #[arg(long)]
    pub no_cache: bool,
}

/// Every body costs as much as the first: fewer are enough where nobody waits for a report.
fn fewer(members: clap::Arg) -> clap::Arg {
    members.default_value("60")
}

/// What `guywire test` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct TestOptions {
    /// Case file (TOML)
    #[arg(value_hint = ValueHint::FilePath, required_unless_present = "list")]
    pub case: Option<PathBuf>,
    /// Test, as `guywire test --list` names it
    #[arg(required_unless_present = "list")]
    pub name: Option<String>,
    /// Side, for a test that has sides
    #[arg(long, value_parser = ["left", "right"])]
    pub side: Option<String>,
    /// How it is done, where there are several ways
    #[arg(long, value_name = "NAME")]
    pub protocol: Option<String>,
    /// Tissue setting on top of the case's own, such as hamstrings.left.length=0.95, on the body that the case states and not the
    /// one that its tests tell; may be repeated
    #[arg(long = "set", value_name = "TISSUE.PROPERTY=VALUE")]
    pub settings: Vec<String>,
    /// Draw the pose at the end of the test; reference tissue as an outline
    #[arg(long, value_name = "FILE.svg", value_hint = ValueHint::FilePath)]
    pub picture: Option<PathBuf>,
    /// List every test that can be simulated
    #[arg(long)]
    pub list: bool,
    #[command(flatten)]
    pub ensemble: EnsembleOptions,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What `guywire exercise` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ExerciseOptions {
    /// Case file (TOML)
    #[arg(value_hint = ValueHint::FilePath, required_unless_present = "list")]
    pub case: Option<PathBuf>,
    /// Exercise, as `guywire exercise --list` names it
    #[arg(required_unless_present_any = ["list", "rank"])]
    pub name: Option<String>,
    /// The side that does it: stretched, working, or lower in a side plank
    #[arg(long, value_parser = ["left", "right"], default_value = "right")]
    pub side: String,
    /// Do it badly: leave out what the exercise says to hold in mind
    #[arg(long)]
    pub without_cue: bool,
    /// Tissue setting on top of the case's own, such as hamstrings.left.length=0.95, on the body that the case states and not the
    /// one that its tests tell; may be repeated
    #[arg(long = "set", value_name = "TISSUE.PROPERTY=VALUE")]
    pub settings: Vec<String>,
    /// Write the poses as a picture, or everything as a page
    #[arg(short, long, value_name = "FILE.svg|FILE.html", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Rank the library for a tissue group or muscle, such as hip_flexors.left
    #[arg(long, value_name = "TARGET", conflicts_with_all = ["name", "output", "without_cue", "list"])]
    pub rank: Option<String>,
    /// Rank or list exercises of one kind only
    #[arg(long, value_parser = ["release", "position", "activity", "stretch", "mobility", "strengthen", "control"])]
    pub kind: Option<String>,
    /// List every exercise
    #[arg(long)]
    pub list: bool,
    #[command(flatten)]
    pub ensemble: EnsembleOptions,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

const EXERCISE_EXAMPLES: &str = "\
Examples:
  guywire exercise --list --kind stretch
  guywire exercise examples/desk-worker.toml kneel_hip_flexor_ppt --side left
  guywire exercise examples/desk-worker.toml kneel_hip_flexor_ppt --side left --without-cue
      the same without tucking the pelvis: what the stretch then misses
  guywire exercise examples/reference.toml bridge_single --side left -o bridge.html
      poses with the target muscles lit, what works, disc loads, when to stop
  guywire exercise examples/desk-worker.toml --rank hip_flexors.left --kind stretch
      which stretch reaches the left hip flexors of this person

The body is that of the case as stated. A person whom a clinician must see first is shown no exercise.";

const TEST_EXAMPLES: &str = "\
Examples:
  guywire test --list
  guywire test examples/reference.toml straight_leg_raise --side left
  guywire test examples/desk-worker.toml thomas_hip_extension --side right --protocol lumbar_free
  guywire test examples/reference.toml ely --side left --set rectus_femoris.length=0.95 --picture ely.svg";

const FIT_EXAMPLES: &str = "\
Examples:
  guywire fit examples/desk-worker.toml
  guywire fit examples/desk-worker.toml --json | jq '.tests[] | select(.distrusted)'

The readings stand in `[[visit]]` of the case (docs/visits.md). Where no error is stated, that between examiners is taken.
A reading that does not fit the others is left out and named.";

/// What `guywire week` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct WeekOptions {
    /// Case file (TOML) with a `[[week]]`
    #[arg(value_hint = ValueHint::FilePath, required_unless_present = "list")]
    pub case: Option<PathBuf>,
    /// Tissue setting on top of the case's own, such as hip_flexors.length=0.95, on the body that the case states and not the one
    /// that its tests tell; may be repeated
    #[arg(long = "set", value_name = "TISSUE.PROPERTY=VALUE")]
    pub settings: Vec<String>,
    /// Draw the week
    #[arg(long, value_name = "FILE.svg", value_hint = ValueHint::FilePath)]
    pub picture: Option<PathBuf>,
    /// List every activity that a week may hold
    #[arg(long)]
    pub list: bool,
    #[command(flatten)]
    pub ensemble: EnsembleOptions,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

const WEEK_EXAMPLES: &str = "\
Examples:
  guywire week --list
  guywire week examples/desk-worker.toml
  guywire week examples/stairs-leader.toml --picture week.svg
  guywire week examples/footballer-12.toml --json | jq '.activities[] | {title, hours}'

The activities stand in `[[week]]` of the case (docs/week.md). Sleep that is not told is assumed and named;
other hours that are not told are not known and count as nothing. Below each number stand the ends between which nine in ten of
the bodies lie that the person may have (docs/intervals.md).";

/// What `guywire screen` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ScreenOptions {
    /// Case file (TOML)
    #[arg(value_hint = ValueHint::FilePath)]
    pub case: PathBuf,
    #[command(flatten)]
    pub model: ModelOptions,
    /// Answers (TOML, as in `[screening]`) that take the place of the case's own
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub answers: Option<PathBuf>,
    /// Write all answers to a file for --answers or the case; open questions stand there as comments
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub save: Option<PathBuf>,
    /// Print one JSON object with result, reasons and unanswered
    #[arg(long)]
    pub json: bool,
}

const SCREEN_EXAMPLES: &str = "\
Examples:
  guywire screen examples/footballer-12.toml
      where the answers of the case lead; in a terminal, open questions are asked first
  guywire screen examples/desk-worker.toml --save answers.toml
      keep the answers; what is open stands there as comments to fill in
  guywire screen examples/desk-worker.toml --answers answers.toml --json | jq .result
      for another program

Result: proceed, proceed_with_note, see_clinician_first, urgent_within_days or emergency_today.
What was not asked never counts as no. Exit status: 0 whatever the result is.";

const POSTURE_EXAMPLES: &str = "\
Examples:
  guywire posture examples/reference.toml --position standing
  guywire posture examples/reference.toml --position sitting_relaxed --set hamstrings.left.tone=0.05
  guywire posture examples/reference.toml --position standing --set hip.extension_range_deg=-2.6 --json
  guywire posture gait2392.osim --position sitting_relaxed --set hamstrings.length=0.9 --gltf sitting.glb

A setting replaces the one of the same name in the case file; what overlaps otherwise combines.
Properties: length, stiffness, strength (factors), tone (0 to 0.5), hip.extension_range_deg,
lumbar.neutral_lordosis_deg, reciprocal_inhibition.";

/// What `guywire body` shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BodyPart {
    /// Tissue groups and their muscles, by the names for case files
    List,
    /// Every muscle fascicle with its parameters
    Muscles,
    /// Every data file with its source and licence
    Sources,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn posture_takes_many_settings() {
        let line = "guywire posture a.toml --position standing --set x.tone=0.1 --set lumbar.y=-5 --json";
        let arguments = Arguments::try_parse_from(line.split(' ')).unwrap();
        let Command::Posture { position, settings, json, .. } = arguments.command else { panic!() };
        assert_eq!((position.as_str(), json), ("standing", true));
        assert_eq!(settings, ["x.tone=0.1", "lumbar.y=-5"]);
    }

    #[test]
    fn body_lists_by_itself() {
        let arguments = Arguments::try_parse_from(["guywire", "body", "--json"]).unwrap();
        assert!(matches!(arguments.command, Command::Body { what: BodyPart::List, json: true }));
    }

    #[test]
    fn help_has_examples() {
        let help = Arguments::command().render_long_help().to_string();
        assert!(help.contains("guywire report examples/desk-worker.toml"), "{help}");
    }
}
