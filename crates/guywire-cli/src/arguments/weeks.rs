//! What the verbs about coming weeks take, and the report that may tell of them.

use super::{EnsembleOptions, ModelOptions};
use clap::ValueHint;
use guywire::case::Date;
use std::path::PathBuf;

/// What `guywire report` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ReportOptions {
    /// Case file (TOML), or an OpenSim model of a person (.osim)
    #[arg(value_hint = ValueHint::FilePath)]
    pub case: PathBuf,
    #[command(flatten)]
    pub model: ModelOptions,
    /// Folder for the files; made if it does not exist
    #[arg(short, long, value_name = "DIR", default_value = ".", value_hint = ValueHint::DirPath)]
    pub output: PathBuf,
    /// Write NAME.pdf too, printed by a browser on this machine
    #[arg(long)]
    pub pdf: bool,
    /// Tell of the coming weeks too: a file of exercises (docs/plan.md), as `guywire plan --save` writes it, or `none`
    #[arg(long, value_name = "FILE|none", value_hint = ValueHint::FilePath)]
    pub plan: Option<PathBuf>,
    /// How many weeks
    #[arg(long, value_name = "N", default_value_t = 26, requires = "plan")]
    pub weeks: usize,
    /// Share of the sessions that are done
    #[arg(long, value_name = "SHARE", default_value_t = 1.0, requires = "plan")]
    pub adherence: f64,
    /// First day of the first week
    #[arg(long, value_name = "YYYY-MM-DD", requires = "plan")]
    pub start: Option<Date>,
    #[command(flatten)]
    pub ensemble: EnsembleOptions,
}

pub const REPORT_EXAMPLES: &str = "\
Examples:
  guywire report examples/desk-worker.toml
      desk-worker.html and desk-worker.json in this folder, a summary on the screen
  guywire report examples/desk-worker.toml -o reports --pdf
      a PDF too; a browser (Chromium, Chrome, Edge) prints it, GUYWIRE_BROWSER says which
  guywire plan examples/desk-worker.toml --goal 'straight_leg_raise.left>=80' --save plan.toml
  guywire report examples/desk-worker.toml --plan plan.toml --start 2026-03-02
      with the coming weeks, what is done in them, and every exercise drawn
  guywire report gait2392.osim";

/// What `guywire forecast` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ForecastOptions {
    /// Case file (TOML)
    #[arg(value_hint = ValueHint::FilePath)]
    pub case: PathBuf,
    /// How many weeks
    #[arg(long, value_name = "N", default_value_t = 26)]
    pub weeks: usize,
    /// What is done: a file of exercises (docs/plan.md), as `guywire plan --save` writes it, or `none`
    #[arg(long, value_name = "FILE|none", default_value = "none", value_hint = ValueHint::FilePath)]
    pub plan: PathBuf,
    /// Share of the sessions that are done
    #[arg(long, value_name = "SHARE", default_value_t = 1.0)]
    pub adherence: f64,
    /// Switch a mechanism off; may be repeated
    #[arg(long, value_name = "MECHANISM", value_parser = ["length", "strength", "tone", "stiffness", "tolerance", "release", "growth"])]
    pub without: Vec<String>,
    /// Let resting tone follow work: a hypothesis, off unless asked for
    #[arg(long)]
    pub with_tone: bool,
    /// Draw the bands over the weeks
    #[arg(long, value_name = "FILE.svg", value_hint = ValueHint::FilePath)]
    pub picture: Option<PathBuf>,
    #[command(flatten)]
    pub ensemble: EnsembleOptions,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

pub const FORECAST_EXAMPLES: &str = "\
Examples:
  guywire forecast examples/desk-worker.toml --weeks 26
      what happens if nothing changes
  guywire plan examples/desk-worker.toml --goal 'straight_leg_raise.left>=80' --save plan.toml
  guywire forecast examples/desk-worker.toml --plan plan.toml --adherence 0.7 --picture weeks.svg
  guywire forecast examples/desk-worker.toml --plan plan.toml --without tolerance --json | jq '.series[].quantity'
  guywire forecast examples/desk-worker.toml --json | jq '.rates[] | select(.taken > 0.05)'
      what her visits told of how fast her tissue follows, after what the case says was done between them

A number stands with the interval that holds nine in ten of the bodies that the tests allow and of the rates that people have.
Pain is not forecast.";

/// What `guywire plan` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct PlanOptions {
    /// Case file (TOML)
    #[arg(value_hint = ValueHint::FilePath)]
    pub case: PathBuf,
    /// What shall be reached; may be repeated, then all of it
    #[arg(long = "goal", value_name = "QUANTITY>=N|QUANTITY-N%", required = true)]
    pub goals: Vec<String>,
    /// In how many weeks
    #[arg(long, value_name = "N", default_value_t = 12)]
    pub weeks: usize,
    /// With which probability
    #[arg(long, value_name = "SHARE", default_value_t = 0.8)]
    pub probability: f64,
    /// Share of the sessions that will be done
    #[arg(long, value_name = "SHARE", default_value_t = 0.8)]
    pub adherence: f64,
    /// Most minutes a week
    #[arg(long, value_name = "N", default_value_t = 180.0)]
    pub minutes: f64,
    /// What there is to exercise with, in the place of what the case says: names with commas between, or `none`
    #[arg(long, value_name = "NAME,…")]
    pub equipment: Option<String>,
    /// Write the exercises to a file for `guywire forecast --plan`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub save: Option<PathBuf>,
    /// Write the plan for the person to print: pictures, what to ask and when to stop, weeks to tick off; as PDF where
    /// the file ends in .pdf, printed by a browser on this machine
    #[arg(long, value_name = "FILE.html|FILE.pdf", value_hint = ValueHint::FilePath)]
    pub handout: Option<PathBuf>,
    /// Print it larger
    #[arg(long, requires = "handout")]
    pub large: bool,
    /// Write the plan for a clinician: screening, goals, exercises with loads and what speaks against them, readings, tissue,
    /// rates with their sources, limits; as PDF where the file ends in .pdf
    #[arg(long, value_name = "FILE.html|FILE.pdf", value_hint = ValueHint::FilePath)]
    pub clinician: Option<PathBuf>,
    /// Write the sessions and the days to measure again for a calendar
    #[arg(long, value_name = "FILE.ics", requires = "start", value_hint = ValueHint::FilePath)]
    pub calendar: Option<PathBuf>,
    /// First day of the plan, for the calendar and the dates on paper
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub start: Option<Date>,
    #[command(flatten)]
    pub ensemble: EnsembleOptions,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

pub const PLAN_EXAMPLES: &str = "\
Examples:
  guywire plan examples/desk-worker.toml --goal 'thomas.left>=5'
  guywire plan examples/desk-worker.toml --goal 'straight_leg_raise.left>=85' --goal 'discs.L5/S1.posterior_stress-5%' --weeks 16
  guywire plan examples/desk-worker.toml --goal 'thomas.left>=5' --save plan.toml --json | jq '.exercises'
  guywire plan examples/desk-worker.toml --goal 'thomas.left>=5' --equipment mat,band
  guywire plan examples/desk-worker.toml --goal 'thomas.left>=5' --start 2026-03-02 --handout plan.html --calendar plan.ics
  guywire plan examples/desk-worker.toml --goal 'thomas.left>=5' --clinician plan-for-the-clinician.pdf

At most four exercises, none that the answers of `[screening]` speak against, that needs what there is not, or whose pose goes
where it hurts (`[plan]` of the case, docs/plan.md). A goal out of reach is not promised: the plan says
what is within reach, and what stands in the way. A person whom a clinician must see first gets no plan.";

/// What `guywire diary` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct DiaryOptions {
    /// Case file (TOML) with a `[[diary]]`
    #[arg(value_hint = ValueHint::FilePath)]
    pub case: PathBuf,
    /// The exercises with their doses, as `guywire plan --save` writes them
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub plan: PathBuf,
    /// Write the exercises with their next doses; may be the same file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub save: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

pub const DIARY_EXAMPLES: &str = "\
Examples:
  guywire diary examples/desk-worker.toml --plan plan.toml
  guywire diary examples/desk-worker.toml --plan plan.toml --save plan.toml
  guywire diary examples/desk-worker.toml --plan plan.toml --json | jq '.exercises[] | {exercise, action, why}'

The case holds the entries (docs/plan.md), for example

  [[diary]]
  date = 2026-03-09
  exercise = \"strap_hamstring\"   # all of them where none is named
  done = 3                       # sessions since the entry before
  pain_during = 2                # the most, 0 to 10
  pain_next_morning = \"same\"     # \"better\", \"same\" or \"worse\" than before the exercise
  sore_days = 0
  new_sign = false               # anything that `guywire screen` asks about

What is not written down is never taken as well. Something new stops every exercise until an examination is recorded.";
