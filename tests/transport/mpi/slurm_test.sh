#!/bin/bash
# slurm_test.sh SYNCLINE DEPLOY: the scripts of deploy/slurm/ on a Slurm of this one machine, which
# the test starts and ends. Ends with 77, which ctest counts as skipped, where there is no Slurm.
set -euo pipefail
export SYNCLINE=$1
deploy=$2

for program in munged slurmctld slurmd srun sbatch squeue scancel scontrol mpirun; do
  if ! command -v "$program" > /dev/null; then
    echo "skipped: $program is not installed (packages slurm-wlm, munge, openmpi-bin)"
    exit 77
  fi
done
if [ "$(id -u)" != 0 ]; then
  echo "skipped: a Slurm of its own can only be started by root"
  exit 77
fi

folder=$(mktemp -d)
chmod 755 "$folder"
mkdir "$folder/munge" "$folder/state" "$folder/spool" "$folder/work"
chmod 700 "$folder/munge"
pids=()
end() {
  for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
  wait
  rm -rf "$folder"
}
trap end EXIT

fail() {
  echo "failed: $*"
  tail -n 20 "$folder"/work/*.out "$folder"/*.log 2> /dev/null || true
  exit 1
}

# wait_until SECONDS COMMAND...: until it succeeds.
wait_until() {
  local left=$1
  shift
  while ! "$@" > /dev/null 2>&1; do
    left=$((left - 1))
    if [ "$left" = 0 ]; then fail "waited in vain for: $*"; fi
    sleep 1
  done
}

# Ports that nobody else uses, as far as can be told from here.
port=$((20000 + $$ % 20000))
export SLURM_CONF=$folder/slurm.conf
cat > "$SLURM_CONF" << CONF
ClusterName=test
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmctldPort=$port
SlurmdPort=$((port + 1))
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
ReturnToService=2
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$(hostname -s) Default=YES State=UP OverSubscribe=FORCE:9
CONF
head -c 128 /dev/urandom > "$folder/munge/key"
chmod 600 "$folder/munge/key"
munged --foreground --force --socket="$folder/munge/socket" --key-file="$folder/munge/key" \
  --pid-file="$folder/munge/pid" --log-file="$folder/munge/log" --seed-file="$folder/munge/seed" \
  > "$folder/munged.log" 2>&1 &
pids+=($!)
wait_until 30 test -S "$folder/munge/socket"
slurmctld -D > "$folder/slurmctld.log" 2>&1 &
pids+=($!)
slurmd -D > "$folder/slurmd.log" 2>&1 &
pids+=($!)
wait_until 60 srun true

cd "$folder/work"
export SLURM_OVERCOMMIT=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
options=(--model "quadratic(dimension=20, noise=0.1)" --step-size 0.01 --evaluate-every 0.1
  --inject-delay "exponential(rate=500)")

# A step.
timeout 100 "$deploy/train.srun.sh" 4 "${options[@]}" --policy "k-sync(k=2)" --updates 50 \
  --log step.jsonl --save-model step > step.out 2>&1 || fail "train.srun.sh"
"$SYNCLINE" replay step.jsonl --save-model again > /dev/null
cmp step again || fail "the step's log gives another model"

# A batch job that is warned, queues itself again, and goes on from its checkpoint.
job=$(sbatch --parsable --overcommit --ntasks=4 --output=batch.out "$deploy/train.sbatch" run \
  "${options[@]}" --policy "k-async(k=2)" --updates 1000000000)
wait_until 100 grep -q " is up" batch.out
scancel --batch --signal=USR1 "$job"
pending() { [ "$(squeue --noheader --jobs "$job" --format %T)" = PENDING ]; }
wait_until 100 pending
[ -d run.checkpoint/00000001 ] || fail "no checkpoint"
mv run.safetensors first
lines=$(wc -l < run.jsonl)
restarted() {
  # A job that was queued again waits for two minutes by itself.
  scontrol update JobId="$job" StartTime=now
  [ "$(squeue --noheader --jobs "$job" --format %T)" = RUNNING ]
}
wait_until 100 restarted
longer() { [ "$(wc -l < run.jsonl)" -gt $((lines + 100)) ]; }
wait_until 100 longer
scancel --batch --signal=USR1 "$job"
wait_until 100 pending
scancel "$job"
"$SYNCLINE" replay run.jsonl --save-model again > /dev/null
cmp run.safetensors again || fail "the batch job's log gives another model"
if cmp -s run.safetensors first; then fail "the second part has trained nothing"; fi
echo "a step and a batch job, warned and resumed: their logs give their models"
