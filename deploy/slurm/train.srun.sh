#!/bin/sh
# One training run as one Slurm step: rank 0 is the server, the others are workers.
#   deploy/slurm/train.srun.sh RANKS OPTIONS-OF-SYNCLINE-TRAIN...
# A rank that dies ends the step (docs/mpi.md); train.sbatch is for runs that must survive that.
set -eu
if [ $# -lt 1 ]; then
  echo "usage: $0 RANKS OPTIONS-OF-SYNCLINE-TRAIN..." >&2
  exit 2
fi
ranks=$1
shift

# Where there are more ranks than cores, a rank that waits must give way. Open MPI does that by
# itself under mpirun --oversubscribe, but not in a job of Slurm's that is overcommitted.
export OMPI_MCA_mpi_yield_when_idle=1

exec srun --ntasks="$ranks" --mpi=pmix --cpu-bind=none \
  "${SYNCLINE:-syncline}" train --fleet mpi "$@"
