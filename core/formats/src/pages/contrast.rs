//! Whether all text on the pages can be read: WCAG 2.2's contrast of each colour on each surface on which
//! the style sheet lets it stand, in the light, in the dark and on paper.

use std::collections::{BTreeMap, BTreeSet};

const STYLE: &str = include_str!("style.css");

/// What text needs (WCAG 2.2, success criterion 1.4.3).
const ENOUGH: f64 = 4.5;

/// Custom properties, by name.
type Theme = BTreeMap<String, String>;

/// The declarations of each `:root` block, in the order of the sheet.
fn roots() -> Vec<Theme> {
    let blocks = STYLE.split(":root {").skip(1).filter_map(|rest| rest.split_once('}'));
    blocks.map(|(block, _)| declarations(block).collect()).collect()
}

fn declarations(block: &str) -> impl Iterator<Item = (String, String)> {
    let pairs = block.split(';').filter_map(|line| line.split_once(':'));
    pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
}

/// What follows each innermost `{`, without the `:root` blocks.
fn rules() -> impl Iterator<Item = Theme> {
    let rules = STYLE.split('}').filter_map(|rule| rule.rsplit_once('{'));
    let rules = rules.filter(|(selector, _)| !selector.ends_with(":root "));
    rules.map(|(_, block)| declarations(block).collect())
}

/// Red, green and blue, each from 0 to 1.
fn colour(value: &str) -> [f64; 3] {
    let hex =
        value.strip_prefix('#').filter(|hex| hex.len() == 6).unwrap_or_else(|| panic!("{value}"));
    [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0)
}

/// A colour of a hue in degrees, at 60 % saturation and a lightness from 0 to 1.
fn hue(degrees: f64, lightness: f64) -> [f64; 3] {
    let a = 0.6 * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|n| {
        let k = (n + degrees / 30.0) % 12.0;
        lightness - a * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)
    })
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |colour: [f64; 3]| {
        let [r, g, b] =
            colour.map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The name of the property that a value is, if it is one.
fn variable(value: &str) -> Option<&str> {
    value.strip_prefix("var(--")?.strip_suffix(')')
}

#[test]
fn contrast_is_that_of_the_standard() {
    assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 1e-9);
    assert!((contrast(colour("#777777"), [1.0; 3]) - 4.478).abs() < 1e-3);
    assert!(hue(120.0, 0.5).iter().zip([0.2, 0.8, 0.2]).all(|(a, b)| (a - b).abs() < 1e-9));
}

#[test]
fn all_text_can_be_read_in_the_light_in_the_dark_and_on_paper() {
    let roots = roots();
    let [light, dark, paper] = &roots[..] else { panic!("{}", roots.len()) };
    let over = |theme: &Theme| light.clone().into_iter().chain(theme.clone()).collect::<Theme>();
    let mut checked = BTreeSet::new();
    for (name, theme) in [("light", light.clone()), ("dark", over(dark)), ("paper", over(paper))] {
        for rule in rules() {
            let Some(text) = rule.get("color").and_then(|value| variable(value)) else { continue };
            let own = rule.get("background").and_then(|value| variable(value));
            for surface in own.map_or(vec!["paper", "card"], |own| vec![own]) {
                if text == "door-ink" {
                    continue;
                }
                let of = |name: &str| colour(&theme[&format!("--{name}")]);
                let ratio = contrast(of(text), of(surface));
                assert!(ratio >= ENOUGH, "{text} on {surface}, {name}: {ratio:.2}");
                checked.insert((text.to_owned(), surface.to_owned()));
            }
        }
        let percent = theme["--door-l"].strip_suffix('%').unwrap();
        let lightness = percent.parse::<f64>().unwrap() / 100.0;
        let hues: BTreeSet<u16> =
            rules().filter_map(|rule| rule.get("--hue")?.parse().ok()).collect();
        assert_eq!(hues.len(), 8);
        for degrees in hues {
            let ratio = contrast(colour(&theme["--door-ink"]), hue(degrees.into(), lightness));
            assert!(ratio >= ENOUGH, "a letter on hue {degrees}, {name}: {ratio:.2}");
        }
    }
    for pair in [("ink", "paper"), ("ink", "card"), ("faded", "card"), ("tape", "tape-paper")] {
        assert!(
            checked.contains(&(pair.0.to_owned(), pair.1.to_owned())),
            "{pair:?} of {checked:?}"
        );
    }
}

#[test]
fn every_colour_is_one_of_the_table() {
    for rule in rules() {
        for (name, value) in rule {
            assert!(!value.contains('#') && !value.contains("rgb"), "{name}: {value}");
            if name == "color" {
                assert!(variable(&value).is_some(), "{name}: {value}");
            }
        }
    }
}
