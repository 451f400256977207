import Foundation

extension Patient {
    /// What people, and programs that take ids for numbers, see of an id: ids of one likeness are one patient more often than
    /// two. Without case, width, alphabet, kinds of dash, space, what is invisible, and the zeros that numbers begin with.
    public static func likeness(ofID id: String) -> String {
        var likeness = ""
        // What was taken last: a digit, and a zero that a number begins with.
        var (isDigit, isZero) = (false, false)
        for scalar in id.precomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
            let properties = scalar.properties
            if properties.isWhitespace || properties.isDefaultIgnorableCodePoint { continue }
            let wasDigit = isDigit
            isDigit = ("0"..."9").contains(scalar)
            if isZero, isDigit { likeness.unicodeScalars.removeLast() }
            isZero = scalar == "0" && (isZero || !wasDigit)
            let isDash = properties.generalCategory == .dashPunctuation || scalar == "\u{2212}"
            likeness.unicodeScalars.append(isDash ? "-" : latinTwins[scalar] ?? scalar)
        }
        return likeness
    }

    /// Of Cyrillic and Greek letters whose capitals look like Latin ones (Unicode Technical Standard 39).
    private static let latinTwins: [Unicode.Scalar: Unicode.Scalar] = Dictionary(
        uniqueKeysWithValues: zip(
            "авекмнорстухіјѕαβεζηικμνορτυχ".unicodeScalars, "abekmhopctyxijsabezhikmnoptyx".unicodeScalars))
}
