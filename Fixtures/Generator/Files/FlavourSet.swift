/// One scan in many flavours: `FLAVOUR.tif` each, `mask.png` and `glands.csv` beside them.
public struct FlavourSet: Sendable {
    public let scene: Scene
    public let flavours: [Flavour]
    public let tellsSpacing: Bool

    /// - Parameter flavours: palettes are left out where the scan has more than 256 colours.
    public init(scene: Scene, flavours: [Flavour] = Flavour.allCases, tellsSpacing: Bool = false) {
        self.scene = scene
        self.flavours = flavours
        self.tellsSpacing = tellsSpacing
    }

    /// - Returns: the flavours written.
    /// - Throws: `FixtureError`.
    @discardableResult
    public func write(to folder: String) throws(FixtureError) -> [Flavour] {
        guard Double(max(scene.width, scene.height)) * scene.spacing <= Scene.longestWholeSide else {
            throw FixtureError(
                .misuse, "a scan in flavours is at most \(Int(Scene.longestWholeSide)) um a side")
        }
        let output = try OutputFolder(folder)
        let drawing = scene.draw()
        var written: [Flavour] = []
        for flavour in flavours {
            let file = PictureFile(flavour: flavour, spacing: tellsSpacing ? scene.spacing : nil)
            do throws(FixtureError) {
                try file.write(drawing.picture, to: try output.place(flavour.rawValue + ".tif"))
                written.append(flavour)
            } catch {
                guard error.kind == .unrepresentable else { throw error }
            }
        }
        try ScanSet.write(drawing.mask, to: try output.place("mask.png"))
        let truth = scene.truth(of: drawing)
        try output.write(
            GlandTable.header + written.map { GlandTable.rows(truth, scan: $0.rawValue + ".tif") }.joined(),
            to: "glands.csv")
        return written
    }
}
