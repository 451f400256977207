/// Aperio's image description: a line on the program, a line on the image, then `name = value` between bars.
enum AperioDescription {
    static func isAperio(_ description: String) -> Bool { description.hasPrefix("Aperio") }

    static func value(of name: String, in description: String) -> String? {
        for field in description.split(separator: "|").dropFirst() {
            let parts = field.split(separator: "=", maxSplits: 1)
            if parts.count == 2, trimmed(parts[0]) == name { return trimmed(parts[1]) }
        }
        return nil
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
