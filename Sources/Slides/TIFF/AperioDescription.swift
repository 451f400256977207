/// Aperio's image description: a line on the program, a line on the image, then `name = value` between bars.
enum AperioDescription {
    static func isAperio(_ description: String) -> Bool { description.hasPrefix("Aperio") }

    /// What the fields of this name say: programs that pass a file on may write one again.
    static func values(of name: String, in description: String) -> [String] {
        description.split(separator: "|").dropFirst().compactMap { field in
            let parts = field.split(separator: "=", maxSplits: 1)
            return parts.count == 2 && trimmed(parts[0]) == name ? trimmed(parts[1]) : nil
        }
    }

    /// The pixels that the description speaks of, as its second line has them, such as `46920x33014 [0,100 46000x32914]`: of
    /// the part, where it names one.
    static func size(in description: String) -> (width: Int, height: Int)? {
        guard let line = description.split(whereSeparator: \.isNewline).dropFirst().first else { return nil }
        let words = line.prefix { $0 != "|" && $0 != ";" }.split { " []".contains($0) }
        func size(_ word: Substring?) -> (width: Int, height: Int)? {
            let sides = word?.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) } ?? []
            guard sides.count == 2, let width = sides[0], let height = sides[1], width > 0, height > 0 else {
                return nil
            }
            return (width, height)
        }
        guard let whole = size(words.first) else { return nil }
        return words.dropFirst().first?.contains(",") == true ? size(words.dropFirst(2).first) ?? whole : whole
    }

    /// The first word of the second line, which names label and macro images.
    static func imageName(in description: String) -> String? {
        description.split(whereSeparator: \.isNewline).dropFirst().first?
            .split(separator: " ").first.map { $0.lowercased() }
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
