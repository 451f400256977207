/// Tells the ink of marker pens from stained tissue, by colour alone.
enum PenMarks {
    /// Whether a colour is one of ink: green to cyan, which no stain of H&E or DAB is, or a blue or red that is purer than they
    /// get. Black ink cannot be told from folds and the dark around a scan.
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
