//! Vectors like embeddings: a shared offset, topics, and a spectrum that falls, so that rows have neighbours at graded
//! distances. The same in every run.

/// Makes rows.
pub(crate) struct Maker {
    dimension: usize,
    offset: Vec<f32>,
    /// Row after row: what each hidden number adds.
    directions: Vec<f32>,
    topics: Vec<[f32; HIDDEN]>,
    state: u64,
}

/// Numbers behind the numbers of a row.
const HIDDEN: usize = 64;
const TOPICS: usize = 200;
/// What no hidden number explains.
const NOISE: f32 = 0.15;

impl Maker {
    pub(crate) fn new(dimension: usize) -> Self {
        let mut maker =
            Self { dimension, offset: Vec::new(), directions: Vec::new(), topics: Vec::new(), state: 1 };
        maker.offset = (0..dimension).map(|_| maker.number() * 2.0).collect();
        let mut scale = 1.0_f32;
        for _ in 0..HIDDEN {
            scale *= 0.975;
            for _ in 0..dimension {
                let number = maker.number() * scale * 0.35;
                maker.directions.push(number);
            }
        }
        for _ in 0..TOPICS {
            let topic = std::array::from_fn(|_| maker.number());
            maker.topics.push(topic);
        }
        maker
    }

    /// The next row, of length one.
    pub(crate) fn fill(&mut self, row: &mut Vec<f32>) {
        let topic = usize::try_from(self.bits() >> 33).unwrap_or(0) % TOPICS;
        row.clear();
        row.extend(&self.offset);
        for hidden in 0..HIDDEN {
            let of_topic = self.topics.get(topic).and_then(|topic| topic.get(hidden)).copied().unwrap_or(0.0);
            let weight = of_topic + 0.8 * self.number();
            let from = hidden * self.dimension;
            let direction = self.directions.get(from..from + self.dimension).unwrap_or_default();
            for (number, part) in row.iter_mut().zip(direction) {
                *number += weight * part;
            }
        }
        for number in row.iter_mut() {
            *number += NOISE * self.number();
        }
        let length = row.iter().map(|number| number * number).sum::<f32>().sqrt();
        for number in row.iter_mut() {
            *number /= length;
        }
    }

    /// So many rows, one behind another.
    pub(crate) fn rows(&mut self, count: usize) -> Vec<f32> {
        let mut all = Vec::with_capacity(count * self.dimension);
        let mut row = Vec::new();
        for _ in 0..count {
            self.fill(&mut row);
            all.extend(&row);
        }
        all
    }

    fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// About a normal number: the sum of four uniform ones.
    fn number(&mut self) -> f32 {
        let bits = self.bits();
        let part = |at: u32| f32::from(u16::try_from(bits >> at & 0xffff).unwrap_or(0)) / 65_536.0 - 0.5;
        (part(0) + part(16) + part(32) + part(48)) * 1.73
    }
}
