//! The table of the run: what was measured, its figures, and beside a figure its goal and whether it is met.

use std::fmt;

/// Prints lines as they come.
pub(crate) struct Table {
    missed: usize,
}

/// One number of a line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figure {
    name: &'static str,
    value: f64,
    unit: &'static str,
    goal: Option<Goal>,
}

/// What a figure should be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Goal {
    /// That or more.
    AtLeast(f64),
    /// That or less.
    AtMost(f64),
}

impl Figure {
    pub(crate) const fn new(name: &'static str, value: f64, unit: &'static str) -> Self {
        Self { name, value, unit, goal: None }
    }

    pub(crate) const fn with_goal(self, goal: Goal) -> Self {
        Self { goal: Some(goal), ..self }
    }

    fn is_met(&self) -> bool {
        match self.goal {
            None => true,
            Some(Goal::AtLeast(goal)) => self.value >= goal,
            Some(Goal::AtMost(goal)) => self.value <= goal,
        }
    }
}

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
impl Table {
    pub(crate) fn new() -> Self {
        println!("{:<8} {:<38} figures (goal: ok or MISSED)", "part", "what");
        Self { missed: 0 }
    }

    /// Prints a line.
    pub(crate) fn line(&mut self, part: &str, what: &str, figures: &[Figure]) {
        self.missed += figures.iter().filter(|figure| !figure.is_met()).count();
        let shown: Vec<_> = figures.iter().map(ToString::to_string).collect();
        println!("{part:<8} {what:<38} {}", shown.join("  "));
    }

    /// The last line.
    pub(crate) fn end(self) {
        match self.missed {
            0 => println!("\nEvery goal is met."),
            missed => println!("\nGoals missed: {missed}."),
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, value, unit, goal } = self;
        // Three digits that matter.
        let digits = match value.abs() {
            size if size >= 100.0 => 0,
            size if size >= 10.0 => 1,
            size if size >= 1.0 => 2,
            _ => 3,
        };
        let space = if name.is_empty() { "" } else { " " };
        write!(f, "{name}{space}{value:>6.digits$} {unit}")?;
        let verdict = if self.is_met() { "ok" } else { "MISSED" };
        match goal {
            None => Ok(()),
            Some(Goal::AtLeast(goal)) => write!(f, " (≥ {goal}: {verdict})"),
            Some(Goal::AtMost(goal)) => write!(f, " (≤ {goal}: {verdict})"),
        }
    }
}
