//! Finding the corner patterns of QR codes: dark rings around dark stones.
//!
//! A pattern is where dark and light runs in a row are in the proportion 1:1:3:1:1, the outer two
//! are of one connected region (the ring), the inner one of another (the stone), and their areas
//! are about as 24 to 9 (ISO/IEC 18004, section 6.3.3). The picture is walked once to connect the
//! runs and once to look at them, so the time taken depends on its size alone.

use std::collections::HashSet;

/// A picture in black and white.
pub(super) struct Bitmap {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Row after row.
    pub(super) dark: Vec<bool>,
}

impl Bitmap {
    /// Whether the pixel is dark that a point lies in. What is outside is light.
    pub(super) fn is_dark(&self, (x, y): Point) -> bool {
        // The conversion of a float saturates, so that nothing wraps into the picture.
        let (column, row) = (x as usize, y as usize);
        x >= 0.0
            && y >= 0.0
            && column < self.width
            && row < self.height
            && self.dark[row * self.width + column]
    }
}

impl Bitmap {
    /// How often light and dark change on the way from one point to another.
    pub(super) fn changes(&self, from: Point, to: Point) -> usize {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let steps = dx.hypot(dy).min(4.0 * (self.width + self.height) as f64) as usize;
        let point = |step: usize| {
            let part = step as f64 / steps as f64;
            (from.0 + part * dx, from.1 + part * dy)
        };
        let dark: Vec<bool> = (0..=steps).map(|step| self.is_dark(point(step))).collect();
        dark.windows(2).filter(|pair| pair[0] != pair[1]).count()
    }
}

/// A place in a picture, in pixels from its top left corner.
pub(super) type Point = (f64, f64);

/// A corner pattern.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pattern {
    /// The middle of its stone.
    pub(super) middle: Point,
    /// The side of a square with the area of one of its modules, in pixels.
    pub(super) module: f64,
}

/// All corner patterns of a picture.
pub(super) fn find(bitmap: &Bitmap) -> Vec<Pattern> {
    let mut runs = Vec::new();
    let mut rows = Vec::with_capacity(bitmap.height);
    let mut regions = Regions::default();
    for y in 0..bitmap.height {
        let above = rows.last().cloned().unwrap_or(0..0);
        let first = runs.len();
        read_row(&bitmap.dark[y * bitmap.width..][..bitmap.width], |run| {
            regions.add(run, y);
            runs.push(run);
        });
        let row = first..runs.len();
        connect(&runs, above, row.clone(), &mut regions);
        rows.push(row);
    }
    let mut rings = HashSet::new();
    let mut patterns = Vec::new();
    for row in rows {
        let first = row.start;
        for (at, window) in runs[row].windows(3).enumerate() {
            let &[left, stone, right] = window else { continue };
            if in_proportion(left, stone, right) {
                let roots = [0, 1, 2].map(|next| regions.root(first + at + next));
                if let Some(pattern) = regions.pattern(roots).filter(|_| rings.insert(roots[0])) {
                    patterns.push(pattern);
                }
            }
        }
    }
    patterns
}

/// A stretch of dark pixels in a row.
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    /// The first pixel after it.
    end: usize,
}

impl Run {
    fn length(self) -> usize {
        self.end - self.start
    }
}

fn read_row(row: &[bool], mut add: impl FnMut(Run)) {
    let mut end = 0;
    for run in row.chunk_by(|a, b| a == b) {
        let start = end;
        end += run.len();
        if run[0] {
            add(Run { start, end });
        }
    }
}

/// Joins the runs of a row with those above that they touch.
fn connect(
    runs: &[Run],
    mut above: std::ops::Range<usize>,
    row: std::ops::Range<usize>,
    regions: &mut Regions,
) {
    for lower in row {
        while above.start < above.end && runs[above.start].end <= runs[lower].start {
            above.start += 1;
        }
        for upper in above.clone().take_while(|&upper| runs[upper].start < runs[lower].end) {
            regions.join(upper, lower);
        }
    }
}

/// Whether three dark runs and the light between them are about as 1:1:3:1:1.
fn in_proportion(left: Run, stone: Run, right: Run) -> bool {
    let (gap_left, gap_right) = (stone.start - left.end, right.start - stone.end);
    let ones = [left.length(), gap_left, gap_right, right.length()];
    // Four units, and so are all lengths below: four times what they are.
    let unit: usize = ones.iter().sum();
    let about = |length: usize, units: usize| (4 * length).abs_diff(units * unit) <= unit * 3 / 4;
    ones.into_iter().all(|length| about(length, 1)) && about(stone.length(), 3)
}

/// Which runs hang together, as a forest: a run points to another of its region or to itself.
#[derive(Default)]
struct Regions {
    parents: Vec<usize>,
    /// At a root, what there is to know of its region.
    sums: Vec<Sum>,
}

/// The pixels of a region, and the sums of their coordinates.
#[derive(Clone, Copy)]
struct Sum {
    area: f64,
    x: f64,
    y: f64,
}

impl Regions {
    fn add(&mut self, run: Run, y: usize) {
        let area = run.length() as f64;
        let middle = (run.start + run.end) as f64 / 2.0;
        self.parents.push(self.parents.len());
        self.sums.push(Sum { area, x: area * middle, y: area * (y as f64 + 0.5) });
    }

    fn root(&mut self, mut run: usize) -> usize {
        while self.parents[run] != run {
            self.parents[run] = self.parents[self.parents[run]];
            run = self.parents[run];
        }
        run
    }

    fn join(&mut self, a: usize, b: usize) {
        let (mut large, mut small) = (self.root(a), self.root(b));
        if large == small {
            return;
        }
        if self.sums[large].area < self.sums[small].area {
            (large, small) = (small, large);
        }
        self.parents[small] = large;
        let part = self.sums[small];
        let whole = &mut self.sums[large];
        *whole = Sum { area: whole.area + part.area, x: whole.x + part.x, y: whole.y + part.y };
    }

    /// The pattern that the regions to the left, in the middle and to the right make, if they do.
    fn pattern(&self, [left, stone, right]: [usize; 3]) -> Option<Pattern> {
        const RING_AND_STONE: f64 = 24.0 + 9.0;
        let (ring_area, stone) = (self.sums[left].area, &self.sums[stone]);
        let encloses = left == right && (0.1..0.7).contains(&(stone.area / ring_area));
        encloses.then(|| Pattern {
            middle: (stone.x / stone.area, stone.y / stone.area),
            module: ((ring_area + stone.area) / RING_AND_STONE).sqrt(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found of four drawings side by side, `unit` pixels a module.
    fn found(unit: usize, draw: fn(usize, usize) -> bool) -> Vec<Pattern> {
        let (width, height) = (4 * 9 * unit, 9 * unit);
        let dark = |at: usize| {
            let (x, y) = (at % width / unit % 9, at / width / unit);
            x < 7 && y < 7 && draw(x, y)
        };
        find(&Bitmap { width, height, dark: (0..width * height).map(dark).collect() })
    }

    fn pattern(x: usize, y: usize) -> bool {
        x.abs_diff(3).max(y.abs_diff(3)) != 2
    }

    #[test]
    fn each_pattern_is_found_once_at_any_size() {
        for unit in [1, 2, 5, 17] {
            let expected = [0, 1, 2, 3].map(|at| Pattern {
                middle: ((at * 9 * unit) as f64 + 3.5 * unit as f64, 3.5 * unit as f64),
                module: unit as f64,
            });
            assert_eq!(found(unit, pattern), expected, "{unit} pixels a module");
        }
    }

    #[test]
    fn what_is_not_a_ring_around_a_stone_is_not_found() {
        assert_eq!(found(3, |x, _| matches!(x, 0 | 2..=4 | 6)), [], "stripes");
        assert_eq!(found(3, |x, y| pattern(x, y) || (x, y) == (3, 1)), [], "joined");
        assert_eq!(found(3, |x, y| pattern(x, y) && (x, y) != (0, 0) && x + y != 6), [], "cut");
    }
}
