extension RegionsOfInterest {
    /// Reads outlines: those called `Ignore*` or `exclude` say what to leave out, all others what to look at.
    ///
    /// - Throws: for other shapes, other texts, none, and more than ``mostCorners``.
    public init(geoJSON text: String) throws(OutlineError) {
        var (included, excluded): ([Polygon], [Polygon]) = ([], [])
        for feature in try OutlineFeature.read(geoJSON: text) {
            if feature.isLeftOut { excluded += feature.polygons } else { included += feature.polygons }
        }
        self.init(included: included, excluded: excluded)
        guard !included.isEmpty || !excluded.isEmpty else { throw OutlineError("they hold no outline") }
        guard cornerCount <= Self.mostCorners else {
            throw OutlineError("they have more than \(Self.mostCorners) corners")
        }
    }
}
