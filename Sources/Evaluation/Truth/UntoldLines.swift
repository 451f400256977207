import Listings

/// Lines of a manifest that say nothing of what is asked for, so that nobody takes their scans for looked at.
public struct UntoldLines: Sendable, Hashable {
    private let lines: [Int]

    /// Lines that are named; of the others there is a count.
    private static let most = 8

    public init(_ lines: [Int]) { self.lines = lines.sorted() }

    /// A sentence; nil where there are none.
    ///
    /// - Parameter what: they say nothing of.
    public func notice(of what: String) -> String? {
        guard !lines.isEmpty else { return nil }
        let rest = lines.count - Self.most
        let names =
            lines.prefix(Self.most).map(String.init).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
        return "of \(lines.count.counting("scan")) the manifest says nothing of \(what): left out "
            + "(\(lines.count == 1 ? "line" : "lines") \(names))"
    }
}
