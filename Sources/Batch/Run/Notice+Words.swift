extension Notice.Kind {
    /// What goes on after the number.
    var words: (one: String, many: String) {
        switch self {
        case .rowOfNoScan:
            ("row of the manifest names no scan that was found", "rows of the manifest name no scan that was found")
        case .rowOfSeveralScans:
            (
                "row of the manifest may mean several scans, and was not used",
                "rows of the manifest may mean several scans, and were not used"
            )
        case .scanOfNoRow:
            (
                "scan is not in the manifest: its patient is told by pattern or folder",
                "scans are not in the manifest: their patients are told by pattern or folder"
            )
        case .rowOfNoPatient:
            (
                "scan has no patient in the manifest: it is told by pattern or folder",
                "scans have no patient in the manifest: they are told by pattern or folder"
            )
        case .rowsOfSeveralPatients:
            ("row gives a scan another patient too", "rows of the manifest give scans more than one patient")
        case .rowMatchedByName:
            (
                "row of the manifest was matched by the end of its path",
                "rows of the manifest were matched by the ends of their paths"
            )
        case .patientsAlike:
            (
                "patient of the manifest looks like another",
                "patients of the manifest look like others: their ids differ in case, space, dashes or leading zeros alone"
            )
        case .patientsOfSpreadsheet:
            (
                "patient of the manifest is called by a date, which a spreadsheet may have made of the id",
                "patients of the manifest are called by dates, or by more than 15 digits that end in 0: a spreadsheet may have "
                    + "changed their ids"
            )
        case .patientToldNoMore:
            (
                "scan's patient was told by a manifest or label before, and is told by pattern or folder now",
                "scans' patients were told by a manifest or labels before, and are told by pattern or folder now"
            )
        case .unfollowedLink:
            (
                "link was not followed: it leads nowhere, or out of the folder (--follow says where links may lead)",
                "links were not followed: they lead nowhere, or out of the folder (--follow says where links may lead)"
            )
        case .linkToWalkedFolder:
            (
                "link leads to a folder that was walked under its own name",
                "links lead to folders that were walked under their own names"
            )
        case .unexaminedFile:
            ("file could not be read, so it may be a scan", "files could not be read, so they may be scans")
        case .ignored: ("path was passed over (--ignore)", "paths were passed over (--ignore)")
        case .unreachable: ("folder or file could not be reached", "folders or files could not be reached")
        case .unreadFormat(let format):
            (
                "file was left out: \(format) is not read: export it as TIFF, or pass it over by --ignore",
                "files were left out: \(format) is not read: export them as TIFF, or pass them over by --ignore"
            )
        case .nothingFound: ("file, and no scan was found", "files, and no scan was found")
        case .emptiedFolder:
            (
                "folder holds no scan now, of which the database knows scans: is it mounted?",
                "folders hold no scan now, of which the database knows scans: are they mounted?"
            )
        case .outlinesOfNoScan:
            ("file of outlines names no scan that was found", "files of outlines name no scan that was found")
        case .outlinesOfSeveralScans:
            (
                "file of outlines may mean several scans, and was not used",
                "files of outlines may mean several scans, and were not used"
            )
        case .scanWithoutOutlines:
            (
                "scan has no file of outlines: it is looked at everywhere",
                "scans have no file of outlines: they are looked at everywhere"
            )
        case .labelUnread:
            (
                "scan has no readable label that names a patient: it is told by pattern or folder",
                "scans have no readable label that names a patient: they are told by pattern or folder"
            )
        case .labelAmbiguous:
            (
                "scan's label names several patients, and was not used",
                "scans' labels name several patients, and were not used"
            )
        case .labelContradicted:
            (
                "scan's label names another patient than the manifest, which was used",
                "scans' labels name other patients than the manifest, which was used"
            )
        case .moved:
            (
                "scan was moved to another patient, and is that one's alone from now on",
                "scans were moved to other patients, and are theirs alone from now on"
            )
        case .overwritten:
            (
                "scan was overwritten by another in its place, and its findings count no more",
                "scans were overwritten by others in their places, and their findings count no more"
            )
        case .perhapsMoved:
            (
                "scan was found under another patient, and where it was is empty (unmounted?): it stays under both",
                "scans were found under other patients, and where they were is empty (unmounted?): they stay under both"
            )
        case .elsewhere:
            (
                "scan is another patient's too, in a folder that this run did not look at",
                "scans are other patients' too, in folders that this run did not look at"
            )
        case .scanOfSeveralPatients:
            (
                "scan was found under more than one patient, and is recorded under each",
                "scans were found under more than one patient, and are recorded under each"
            )
        case .foldersOfOnePatient:
            (
                "patient is told by folders of one name in several places: are they one person's? (--manifest or "
                    + "--patient-pattern says whose a scan is)",
                "patients are told by folders of one name in several places: are they one person's? (--manifest or "
                    + "--patient-pattern says whose a scan is)"
            )
        case .scansBesideFolders:
            (
                "scan lies beside folders of scans, so its patient is called like the folder given (--manifest or "
                    + "--patient-pattern says whose a scan is)",
                "scans lie beside folders of scans, so their patient is called like the folder given (--manifest or "
                    + "--patient-pattern says whose a scan is)"
            )
        case .scansOfGivenFolder:
            // Never of one.
            (
                "",
                "scans lie in the folder given itself: all are one patient's, called like it, unless --manifest or "
                    + "--patient-pattern says whose they are"
            )
        }
    }
}
