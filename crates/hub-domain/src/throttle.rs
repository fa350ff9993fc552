//! How many calls may be under way at once, learned from Twilio's "too many" (429).
//!
//! One more after each round of calls without it, half as many after one with it (AIMD). The calls that were
//! already under way when the number was halved would say the same again, so they don't count.

/// How many calls may be under way, and how that changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttle {
    most: u32,
    allowed: u32,
    /// Calls since the last change that were not too many.
    fine: u32,
    /// How often it was halved.
    halvings: u32,
}

/// When a call began, as the throttle counts time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Began(u32);

impl Throttle {
    /// As many as there may ever be (at least one).
    pub const fn new(most: u32) -> Self {
        let most = if most == 0 { 1 } else { most };
        Self { most, allowed: most, fine: 0, halvings: 0 }
    }

    /// How many may be under way now.
    pub const fn allowed(&self) -> u32 {
        self.allowed
    }

    /// A call begins.
    pub const fn begin(&self) -> Began {
        Began(self.halvings)
    }

    /// A call was answered; `too_many`: by a 429.
    pub fn answered(&mut self, began: Began, too_many: bool) {
        if too_many {
            if began.0 == self.halvings {
                self.allowed = (self.allowed / 2).max(1);
                self.halvings += 1;
                self.fine = 0;
            }
            return;
        }
        self.fine += 1;
        if self.fine >= self.allowed && self.allowed < self.most {
            self.allowed += 1;
            self.fine = 0;
        }
    }
}

#[cfg(test)]
mod tests;
