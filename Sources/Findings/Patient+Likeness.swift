import Foundation

extension Patient {
    /// What people, and programs that take ids for numbers, see of an id: ids of one likeness are one patient more often than
    /// two. Without case, width, kinds of dash, space, what is invisible, and the zeros that a number begins with.
    public static func likeness(ofID id: String) -> String {
        var likeness = ""
        for scalar in id.precomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
            let properties = scalar.properties
            if properties.isWhitespace || properties.isDefaultIgnorableCodePoint { continue }
            let isDash = properties.generalCategory == .dashPunctuation || scalar == "\u{2212}"
            likeness.unicodeScalars.append(isDash ? "-" : scalar)
        }
        let isNumber = likeness.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return isNumber ? String(likeness.drop { $0 == "0" }) : likeness
    }
}
