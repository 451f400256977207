// A night over many machines, for those who have Nextflow; the Snakefile beside it is what the tests run, this is not.
//
//     nextflow run Pipelines/cluster/main.nf --scans /srv/scans --database /srv/findings.sqlite --shards 8
//
// A shard's database is kept under --shards_folder from night to night, so that what is done is not done again: it is no
// output of a process, for a work folder is new each time.
nextflow.enable.dsl = 2

params.scans = null
params.database = 'scanreport.sqlite'
params.shards = 4
params.shards_folder = "${launchDir}/shards"
params.options = ''

process SHARD {
    cpus 2
    memory '4 GB'
    // A job that was told to stop ends with 75, one that was killed with 137 or 143.
    errorStrategy { task.exitStatus in [75, 137, 143] ? 'retry' : 'finish' }
    maxRetries 3
    clusterOptions '--signal=TERM@300'

    input:
    val number

    output:
    path 'status'

    script:
    """
    ${projectDir}/shard scanreport status summary.json '${params.shards_folder}/${number}-of-${params.shards}.sqlite' \\
        ${number}/${params.shards} ${task.cpus} '${params.scans}' ${params.options}
    """
}

process MERGE {
    executor 'local'

    input:
    path 'status-*'

    output:
    path 'status'

    script:
    def databases = (1..params.shards).collect { "'${params.shards_folder}/${it}-of-${params.shards}.sqlite'" }.join(' ')
    """
    ${projectDir}/keep-status status scanreport merge --only-new '${params.database}' ${databases}
    """
}

workflow {
    MERGE(SHARD(Channel.of(1..params.shards)).collect())
}
