extension ScanFormats {
    /// What the suffix of a file says that it is a scan of, where no format of this program reads it: for whoever counts what was
    /// left out. Nil for other files.
    public func unreadFormat(ofFileNamed name: String) -> String? {
        claim(fileNamed: name) ? nil : Self.suffix(of: name).flatMap { Self.unreadFormats[$0] }
    }

    /// By suffix, in lower case and without the dot.
    private static let unreadFormats = [
        "czi": "Zeiss CZI", "dcm": "DICOM", "dicom": "DICOM", "i2syntax": "Philips iSyntax",
        "ims": "Imaris", "isyntax": "Philips iSyntax", "kfb": "KFBio",
        "lif": "Leica LIF", "mds": "Motic", "mdsx": "Motic", "nd2": "Nikon ND2",
        "oib": "Olympus OIB", "oif": "Olympus OIF", "oir": "Olympus OIR", "sdpc": "SQRay",
        "tmap": "UNIC", "vsi": "Olympus VSI", "zvi": "Zeiss ZVI",
    ]
}
