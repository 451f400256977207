/// An open file whose format is known: each task that reads the scan opens it for itself.
public struct ScanSource: Sendable {
    /// Open for as long as the source is used.
    let files: ScanFiles
    let format: ScanFormat
    let limits: ReadingLimits

    public func open() throws(SlideError) -> any ScanFile { try format.open(files, limits) }
}
