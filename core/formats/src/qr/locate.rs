//! Finding the codes that corner patterns belong to, and reading their modules.
//!
//! Three patterns may be the corners of a code if they form about a right angle with legs about
//! equal. The fourth corner, which has none, tells the perspective: it is sought by the alignment
//! pattern near it. What has the lines of alternating modules between its corners is then sampled
//! and decoded; the error correction is what decides. The most promising candidates are tried
//! first, and no more than [`MAX_TRIED`].

use super::patterns::{Bitmap, Pattern, Point};

/// The most patterns among which codes are sought: those of 20 codes and some that are none.
pub(super) const MAX_PATTERNS: usize = 64;

/// The most triples of patterns that are tried in one picture.
const MAX_TRIED: usize = 40;

/// The sides of the smallest and the largest code, in modules.
const SIDES: std::ops::RangeInclusive<usize> = 21..=177;

/// How far the middle of a corner pattern is from the edges of the code, in modules.
const CORNER: f64 = 3.5;

/// How far the middle of the last alignment pattern is from them.
const ALIGNMENT: f64 = 6.5;

/// Tries what may be a code in the picture until `decode` has found all. It is handed the
/// side of a code and its modules, row after row, and says whether that is one.
pub(super) fn codes(
    bitmap: &Bitmap,
    patterns: &[Pattern],
    mut decode: impl FnMut(usize, &dyn Fn(usize, usize) -> bool) -> bool,
) {
    let mut used = vec![false; patterns.len()];
    let triples = triples(patterns).into_iter().filter(|(_, corners)| corners.have_timing(bitmap));
    for (indices, corners) in triples.take(MAX_TRIED) {
        if indices.iter().any(|&index| used[index]) {
            continue;
        }
        let read = corners.views(bitmap).any(|(side, view)| {
            decode(side, &|x, y| bitmap.is_dark(view.at(x as f64 + 0.5, y as f64 + 0.5)))
        });
        if read {
            indices.into_iter().for_each(|index| used[index] = true);
        }
    }
}

/// The triples of patterns that may be the corners of a code, the most regular first.
fn triples(patterns: &[Pattern]) -> Vec<([usize; 3], Corners)> {
    let mut triples = Vec::new();
    for a in 0..patterns.len() {
        for b in a + 1..patterns.len() {
            for c in b + 1..patterns.len() {
                // The corner is opposite the longest side.
                for [corner, one, other] in [[a, b, c], [b, a, c], [c, a, b]] {
                    let corners = Corners {
                        corner: patterns[corner],
                        right: patterns[one],
                        below: patterns[other],
                    };
                    if let Some(irregularity) = corners.irregularity() {
                        triples.push((irregularity, [a, b, c], corners));
                    }
                }
            }
        }
    }
    triples.sort_by(|(a, ..), (b, ..)| a.total_cmp(b));
    triples.into_iter().map(|(_, indices, corners)| (indices, corners)).collect()
}

/// Three patterns as corners of a code, which may also be seen mirrored.
#[derive(Clone, Copy)]
struct Corners {
    corner: Pattern,
    right: Pattern,
    below: Pattern,
}

impl Corners {
    /// How far this is from three corners of a square seen from above; nothing if too far.
    fn irregularity(&self) -> Option<f64> {
        let (u, v) = (
            minus(self.right.middle, self.corner.middle),
            minus(self.below.middle, self.corner.middle),
        );
        let (p, q) = (length(u), length(v));
        let cosine = ((u.0 * v.0 + u.1 * v.1) / (p * q)).abs();
        let legs = (p / q).ln().abs();
        let modules = [self.corner, self.right, self.below].map(|pattern| pattern.module);
        let largest = modules.into_iter().fold(0.0, f64::max);
        let smallest = modules.into_iter().fold(f64::INFINITY, f64::min);
        let sizes = (largest / smallest).ln();
        let side = self.side();
        let possible = cosine < 0.5 && legs < 0.6 && sizes < 0.6 && side > 18.0 && side < 195.0;
        possible.then_some(cosine + legs + sizes)
    }

    /// The side of the code in modules, as the distances between the patterns tell.
    fn side(&self) -> f64 {
        let p = length(minus(self.right.middle, self.corner.middle));
        let q = length(minus(self.below.middle, self.corner.middle));
        let module = (self.corner.module * self.right.module * self.below.module).cbrt();
        (p * q).sqrt() / module + 2.0 * CORNER
    }

    /// Whether light and dark alternate on both lines from corner to corner about as often as
    /// they should.
    fn have_timing(&self, bitmap: &Bitmap) -> bool {
        let mean = (self.corner.module * self.right.module * self.below.module).cbrt();
        let modules = self.side() - 2.0 * CORNER;
        let module = |to: &Pattern| {
            let leg = minus(to.middle, self.corner.middle);
            (leg.0 / modules, leg.1 / modules)
        };
        let lines = [(&self.right, &self.below), (&self.below, &self.right)];
        lines.into_iter().all(|(to, aside)| {
            // Three modules from the middles of the patterns towards the middle of the code.
            let (along, aside) = (module(to), module(aside));
            let inside = |pattern: &Pattern, forward: f64| {
                let scale = 3.0 * pattern.module / mean;
                let (x, y) = pattern.middle;
                (
                    x + scale * (forward * along.0 + aside.0),
                    y + scale * (forward * along.1 + aside.1),
                )
            };
            let changes = bitmap.changes(inside(&self.corner, 1.0), inside(to, -1.0)) as f64;
            (0.6..1.4).contains(&(changes / (modules - 6.0)))
        })
    }

    /// The sides that the code may have, and how it may lie in the picture, the likeliest first.
    fn views<'a>(&'a self, bitmap: &'a Bitmap) -> impl Iterator<Item = (usize, View)> + 'a {
        let version = ((self.side() - 17.0) / 4.0).round() as usize;
        let versions =
            [version, version.wrapping_sub(1), version + 1, version.wrapping_sub(2), version + 2];
        let sides = versions.map(|version| version.wrapping_mul(4).wrapping_add(17));
        let sides = sides.into_iter().filter(|side| SIDES.contains(side));
        sides.flat_map(move |side| {
            let views = [Depth::None, Depth::BySize].map(|depth| self.view(side, depth, bitmap));
            views.into_iter().flatten().map(move |view| (side, view))
        })
    }

    /// How the code lies in the picture.
    fn view(&self, side: usize, depth: Depth, bitmap: &Bitmap) -> Option<View> {
        let far = side as f64 - CORNER;
        let guess = View::of([
            ((CORNER, CORNER), self.corner.middle),
            ((far, CORNER), self.right.middle),
            ((CORNER, far), self.below.middle),
            ((far, far), self.fourth(depth)?),
        ])?;
        if side == *SIDES.start() {
            return Some(guess);
        }
        let at = side as f64 - ALIGNMENT;
        let Some(found) = guess.seek_alignment(at, bitmap) else { return Some(guess) };
        View::of([
            ((CORNER, CORNER), self.corner.middle),
            ((far, CORNER), self.right.middle),
            ((CORNER, far), self.below.middle),
            ((at, at), found),
        ])
    }

    /// Where a fourth pattern would be.
    fn fourth(&self, depth: Depth) -> Option<Point> {
        // A plane seen in perspective: places are quotients, and areas shrink with the third
        // power of the denominator, so that a module's side tells it.
        let weigh = |pattern: &Pattern| match depth {
            Depth::None => 1.0,
            Depth::BySize => pattern.module.powf(-2.0 / 3.0),
        };
        let [a, b, c] = [&self.corner, &self.right, &self.below].map(|pattern| {
            let weight = weigh(pattern);
            [pattern.middle.0 * weight, pattern.middle.1 * weight, weight]
        });
        let sum = [0, 1, 2].map(|axis| b[axis] + c[axis] - a[axis]);
        (sum[2] > 0.0).then(|| (sum[0] / sum[2], sum[1] / sum[2]))
    }
}

/// What is assumed before an alignment pattern is found.
#[derive(Clone, Copy)]
enum Depth {
    /// All corners are equally far away.
    None,
    /// Corners that look smaller are farther away.
    BySize,
}

/// How a code lies in a picture: a projection of its modules' coordinates to pixels.
struct View([f64; 8]);

impl View {
    /// The projection that takes four places of the code to four points of the picture.
    fn of(pairs: [(Point, Point); 4]) -> Option<Self> {
        let mut rows = [[0.0; 9]; 8];
        for (at, ((u, v), (x, y))) in pairs.into_iter().enumerate() {
            rows[2 * at] = [u, v, 1.0, 0.0, 0.0, 0.0, -u * x, -v * x, x];
            rows[2 * at + 1] = [0.0, 0.0, 0.0, u, v, 1.0, -u * y, -v * y, y];
        }
        solve(rows).map(Self)
    }

    /// The point of the picture that a place of the code is seen at.
    fn at(&self, u: f64, v: f64) -> Point {
        let [a, b, c, d, e, f, g, h] = self.0;
        let depth = g * u + h * v + 1.0;
        ((a * u + b * v + c) / depth, (d * u + e * v + f) / depth)
    }

    /// The middle of the alignment pattern that is expected at `at` in both directions.
    fn seek_alignment(&self, at: f64, bitmap: &Bitmap) -> Option<Point> {
        /// In modules: some for the perspective, more the farther the corners are.
        const REACH: f64 = 4.0;
        const STEP: f64 = 0.25;
        /// Of 25.
        const MOST_WRONG: usize = 5;
        let steps = ((REACH + at / 20.0) / STEP) as i32;
        let mut best = (MOST_WRONG + 1, i32::MAX);
        let mut sum = (0.0, 0.0, 0.0);
        for (du, dv) in (-steps..=steps).flat_map(|du| (-steps..=steps).map(move |dv| (du, dv))) {
            let (u, v) = (at + f64::from(du) * STEP, at + f64::from(dv) * STEP);
            if !bitmap.is_dark(self.at(u, v)) {
                continue;
            }
            let rank = (self.wrong_in_alignment(u, v, bitmap), du * du + dv * dv);
            let nearby = best.1.abs_diff(rank.1) <= 64;
            if rank.0 < best.0 || (rank.0 == best.0 && rank.1 < best.1 && !nearby) {
                best = rank;
                sum = (u, v, 1.0);
            } else if rank.0 == best.0 && nearby {
                sum = (sum.0 + u, sum.1 + v, sum.2 + 1.0);
            }
        }
        (best.0 <= MOST_WRONG).then(|| self.at(sum.0 / sum.2, sum.1 / sum.2))
    }

    /// How many of the 25 modules of an alignment pattern are not as they should be.
    fn wrong_in_alignment(&self, u: f64, v: f64, bitmap: &Bitmap) -> usize {
        let around = (-2..=2_i32).flat_map(|dv| (-2..=2_i32).map(move |du| (du, dv)));
        let wrong = around.filter(|(du, dv)| {
            let dark = du.abs().max(dv.abs()) != 1;
            bitmap.is_dark(self.at(u + f64::from(*du), v + f64::from(*dv))) != dark
        });
        wrong.count()
    }
}

/// Solves eight linear equations, each given by its factors and its value, by elimination with the
/// largest pivot.
fn solve(mut rows: [[f64; 9]; 8]) -> Option<[f64; 8]> {
    for column in 0..8 {
        let pivot =
            (column..8).max_by(|&a, &b| rows[a][column].abs().total_cmp(&rows[b][column].abs()))?;
        rows.swap(column, pivot);
        let divisor = rows[column][column];
        if divisor.abs() < 1e-9 {
            return None;
        }
        let solved = rows[column].map(|value| value / divisor);
        for row in &mut rows {
            let factor = row[column];
            for (value, known) in row.iter_mut().zip(solved) {
                *value -= factor * known;
            }
        }
        rows[column] = solved;
    }
    Some(rows.map(|row| row[8]))
}

fn minus(a: Point, b: Point) -> Point {
    (a.0 - b.0, a.1 - b.1)
}

fn length(v: Point) -> f64 {
    v.0.hypot(v.1)
}
