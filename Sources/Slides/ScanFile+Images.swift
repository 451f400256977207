extension ScanFile {
    /// The image of the file that describes the scan: the largest, and of several the first.
    ///
    /// - Throws: the reason for which it is unreadable, also where there are only pictures that are never analysed.
    public func mainPyramid() throws(SlideError) -> Pyramid {
        if let refusal { throw refusal }
        guard var pyramid = pyramids.first else { throw .noImage }
        for other in pyramids.dropFirst() where other.area > pyramid.area { pyramid = other }
        if let refusal = pyramid.refusal { throw refusal }
        return pyramid
    }

    /// The images that are analysed: the main one, then, in the order of the file, those of its kind. That are sections on
    /// one slide and pages of one size; a much smaller page is more likely a label or a macro image without a name.
    ///
    /// - Throws: what ``mainPyramid()`` throws, and where there are more than anybody calls sections.
    public func analysedPyramids() throws(SlideError) -> [Pyramid] {
        let main = try mainPyramid()
        // Aperio's further pages of full size are focal planes.
        guard dialect != "aperio" else { return [main] }
        let others = pyramids.filter { $0.number != main.number && $0.isOfKind(of: main) }
        guard others.count < Self.mostImages else {
            throw SlideError(
                .limit, "the file holds \(others.count + 1) images of one kind; at most \(Self.mostImages) are analysed"
            )
        }
        return [main] + others
    }

    private static var mostImages: Int { 256 }
}

extension Pyramid {
    /// In its file.
    var number: Int { levels[0].image }

    /// As a number that cannot overflow: a header may say anything.
    var area: Double { Double(width) * Double(height) }

    /// Of the largest, the least part that an image has.
    private static let leastShare = 0.25
    /// The same, where both have the same spacing.
    private static let leastShareOfOneSpacing = 0.01

    fileprivate func isOfKind(of main: Pyramid) -> Bool {
        guard let own = spacing.micrometresPerPixel, let theirs = main.spacing.micrometresPerPixel,
            max(own, theirs) / min(own, theirs) <= SpacingClaim.greatestRatio
        else { return area >= Self.leastShare * main.area }
        return area >= Self.leastShareOfOneSpacing * main.area
    }
}
