/// A form of scans that consist of several files: one that the scan is known by, and parts beside it.
public enum MultifileForm: UInt8, Sendable, Hashable, CaseIterable {
    /// 3DHISTECH's MIRAX: `X.mrxs`, and a folder `X` with an index, its own description and the pixels.
    case mirax
    /// Hamamatsu's VMS: a text that names JPEG files beside it.
    case hamamatsuVMS
    /// Hamamatsu's VMU: likewise, uncompressed files.
    case hamamatsuVMU

    /// For people.
    public var name: String {
        switch self {
        case .mirax: "MIRAX"
        case .hamamatsuVMS: "Hamamatsu VMS"
        case .hamamatsuVMU: "Hamamatsu VMU"
        }
    }

    /// Why a scan of this form is none.
    var refusal: SlideError {
        switch self {
        case .mirax:
            SlideError(
                .malformed,
                "a MIRAX scan is a file and, beside it, the folder of its name with Slidedat.ini: there is none")
        case .hamamatsuVMS, .hamamatsuVMU: SlideError(.malformed, "OpenSlide does not recognise the file as \(name)")
        }
    }

    /// Of the file that the scan is known by, in lower case and without the dot.
    var suffix: String {
        switch self {
        case .mirax: "mrxs"
        case .hamamatsuVMS: "vms"
        case .hamamatsuVMU: "vmu"
        }
    }

    /// The form that the name of a file says its scan to be of; nil for scans of one file.
    ///
    /// - Parameter name: without a folder, as the file system has it.
    public init?(ofFileNamed name: some BidirectionalCollection<UInt8>) {
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else { return nil }
        let suffix = String(decoding: name[dot...].dropFirst(), as: UTF8.self).lowercased()
        guard let form = Self.allCases.first(where: { $0.suffix == suffix }) else { return nil }
        self = form
    }

    /// The folder that a scan's parts lie in, where that is one of its own: by the name of the file that the scan is known by.
    public func partFolder<Name: BidirectionalCollection<UInt8>>(ofFileNamed name: Name) -> Name.SubSequence? {
        guard self == .mirax, let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        return name[..<dot]
    }

    /// Whether a file may be one of the parts.
    ///
    /// - Parameter name: as the file system has it; what is no UTF-8 is none.
    public func mayHavePart(named name: some BidirectionalCollection<UInt8>) -> Bool {
        guard name.first != UInt8(ascii: "."), let name = String(validating: name, as: UTF8.self) else { return false }
        let suffixes: Set<String> =
            switch self {
            case .mirax: ["dat", "ini"]
            case .hamamatsuVMS, .hamamatsuVMU: ["jpg", "jpeg", "ngr", "opt"]
            }
        return ScanFormats.suffix(of: name).map(suffixes.contains) ?? false
    }
}
