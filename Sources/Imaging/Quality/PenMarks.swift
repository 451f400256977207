/// Tells the ink of marker pens from stained tissue, by colour alone.
enum PenMarks {
    /// Likewise, with reds that are less pure but have no blue: eosin, and blood, have some.
    static func isSurelyInk(red: Int, green: Int, blue: Int) -> Bool {
        isInk(red: red, green: green, blue: blue)
            || isRed(red, green, blue) && 100 * chroma(red, green, blue) >= 75 * red
    }

    /// Of ink's colour, but not so pure: pale strokes, and their edges.
    static func mayBeInk(red: Int, green: Int, blue: Int) -> Bool {
        let greatest = max(red, green, blue)
        let percent = 100 * chroma(red, green, blue)
        if isRed(red, green, blue) && percent >= 45 * red { return true }
        if green == greatest && greatest >= 60 && percent >= 12 * greatest { return true }
        return blue == greatest && greatest >= 80 && percent >= 20 * greatest && 500 * (green - red) >= percent
    }

    /// Black ink has no colour; what is dense in tissue, folds and pigment have some, or are small.
    static func isSurelyBlackInk(red: Int, green: Int, blue: Int) -> Bool {
        max(red, green, blue) < 60 && chroma(red, green, blue) < 25
    }

    /// The edges of black strokes.
    static func mayBeBlackInk(red: Int, green: Int, blue: Int) -> Bool {
        max(red, green, blue) < 120 && chroma(red, green, blue) < 30
    }

    private static func chroma(_ red: Int, _ green: Int, _ blue: Int) -> Int {
        max(red, green, blue) - min(red, green, blue)
    }

    private static func isRed(_ red: Int, _ green: Int, _ blue: Int) -> Bool {
        red >= 120 && red == max(red, green, blue) && 10 * (blue - green) <= 3 * chroma(red, green, blue)
    }

    /// Whether a colour is one of ink: green to cyan, which no stain of H&E or DAB is, or a blue or red that is purer than they
    /// get. A pixel of black ink cannot be told from folds and the dark around a scan: that needs an area.
    static func isInk(red: Int, green: Int, blue: Int) -> Bool {
        let greatest = max(red, green, blue)
        let chroma = greatest - min(red, green, blue)
        // Too dark or too pale to have a colour worth the name.
        guard greatest >= 80, 100 * chroma >= 30 * greatest else { return false }
        if green == greatest { return 2 * (green - red) >= chroma }
        if blue == greatest {
            // Hematoxylin is purple: at least as much red as green, or nearly. Where it is blue, it is pale.
            return greatest >= 110 && 5 * (green - red) >= chroma
                && (2 * (green - red) >= chroma || 100 * chroma >= 60 * greatest)
        }
        return 100 * chroma >= 88 * greatest && greatest >= 150 && abs(green - blue) <= 40
    }
}
