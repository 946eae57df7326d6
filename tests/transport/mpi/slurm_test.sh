#!/bin/bash
# slurm_test.sh SYNCLINE DEPLOY: the scripts of deploy/slurm/, and `srun ... train --fleet grpc`, on
# a Slurm of this one machine that the test starts and ends. It needs neither systemd nor cgroups,
# root nor other users. Ends with 77, which ctest counts as skipped, where there is no Slurm or it
# can't run a step; what comes after that first step is Syncline's, and fails.
set -euo pipefail
export SYNCLINE=$1
deploy=$2

skip() {
  echo "skipped: $*"
  exit 77
}
for program in munged slurmctld slurmd srun sbatch squeue scancel scontrol mpirun; do
  command -v "$program" > /dev/null ||
    skip "$program is not installed (packages slurm-wlm, munge, openmpi-bin)"
done
getent hosts "$(hostname -s)" > /dev/null ||
  skip "the name of this machine, $(hostname -s), has no address, and Slurm calls it by its name"

folder=$(mktemp -d)
chmod 755 "$folder"
mkdir "$folder/work"
export SLURM_CONF=$folder/slurm.conf
# By this the processes of this test are known.
export SYNCLINE_TEST_FOLDER=$folder
pids=()
stop_slurm() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
  for pid in "${pids[@]}"; do
    # A daemon that waits for something of its own is not waited for.
    timeout 20 tail --pid="$pid" -f /dev/null || kill -KILL "$pid" 2> /dev/null || true
  done
  wait
  pids=()
}
end() {
  if [ ${#pids[@]} -gt 0 ]; then
    timeout 20 scancel --user="$(id -un)" --signal=KILL --full 2> /dev/null || true
  fi
  stop_slurm
  rm -rf "$folder"
}
trap end EXIT

reports() {
  timeout 20 scontrol show node 2>&1 || true
  timeout 20 squeue --format "%i %T %r" 2>&1 || true
  tail -n 30 "$folder"/work/*.out "$folder"/*.log 2> /dev/null || true
}
fail() {
  echo "failed: $*"
  reports
  exit 1
}

# until_true SECONDS COMMAND...: until it succeeds, or the time is over.
until_true() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" > /dev/null 2>&1; do
    if [ "$SECONDS" -ge "$deadline" ]; then return 1; fi
    sleep 0.5
  done
}
wait_until() { until_true "$@" || fail "waited in vain for: ${*:2}"; }

# free_ports COUNT: that nobody has, below those that the kernel gives to whoever asks for any.
free_ports() {
  local port found=0
  while [ "$found" -lt "$1" ]; do
    port=$((10000 + RANDOM % 20000))
    # Nobody answers there.
    if (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then continue; fi
    echo "$port"
    found=$((found + 1))
  done
}

# What is due within seconds by default may take longer on a machine with more to do than cores:
# a connection (TCPTimeout 2 s), an answer (MessageTimeout 10 s), the start of a batch job
# (BatchStartTimeout 10 s), the end of killed processes (UnkillableStepTimeout 60 s). Whatever the
# node says that it has, it is taken as it is here (config_overrides), and never drained for it.
configure() {
  local ports
  mapfile -t ports < <(free_ports 2)
  cat > "$SLURM_CONF" << CONF
ClusterName=test
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmctldPort=${ports[0]}
SlurmdPort=${ports[1]}
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SlurmdParameters=config_overrides
TCPTimeout=30
MessageTimeout=100
BatchStartTimeout=100
UnkillableStepTimeout=200
ReturnToService=2
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$(hostname -s) Default=YES State=UP OverSubscribe=FORCE:9
CONF
  # Nothing here uses cgroups, but slurmd looks for them: not where they are, since in a container
  # they may not be there, or not for it.
  mkdir -p "$folder/cgroup"
  cat > "$folder/cgroup.conf" << CONF
CgroupPlugin=cgroup/v1
CgroupMountpoint=$folder/cgroup
CONF
}

# Whether a daemon has ended, or a step does. One that can't be placed would wait for ever.
settled() {
  local pid
  for pid in "${pids[@]}"; do kill -0 "$pid" || return 0; done
  timeout 30 srun --immediate=20 true
}

# A munge and a Slurm of their own, and a first step.
start_slurm() {
  rm -rf "$folder/munge" "$folder/state" "$folder/spool"
  mkdir -m 700 "$folder/munge"
  mkdir "$folder/state" "$folder/spool"
  configure
  head -c 128 /dev/urandom > "$folder/munge/key"
  chmod 600 "$folder/munge/key"
  munged --foreground --force --socket="$folder/munge/socket" --key-file="$folder/munge/key" \
    --pid-file="$folder/munge/pid" --log-file="$folder/munge/log" --seed-file="$folder/munge/seed" \
    > "$folder/munged.log" 2>&1 &
  pids+=($!)
  until_true 30 test -S "$folder/munge/socket" || return 1
  slurmctld -D > "$folder/slurmctld.log" 2>&1 &
  pids+=($!)
  slurmd -D > "$folder/slurmd.log" 2>&1 &
  pids+=($!)
  until_true 60 settled && timeout 30 srun --immediate=20 true
}

started=
for _ in 1 2 3; do
  # Somebody else may have taken a port meanwhile.
  if start_slurm; then started=yes && break; fi
  stop_slurm
done
if [ -z "$started" ]; then
  reports
  skip "a Slurm of its own runs no step here"
fi

cd "$folder/work"
export SLURM_OVERCOMMIT=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
options=(--model "quadratic(dimension=20, noise=0.1)" --step-size 0.01 --evaluate-every 0.1
  --inject-delay "exponential(rate=500)")
# check_replay LOG MODEL
check_replay() {
  "$SYNCLINE" replay "$1" --save-model again > /dev/null || fail "$1 does not replay"
  cmp "$2" again || fail "$1 gives another model"
}

# A step.
timeout 200 "$deploy/train.srun.sh" 4 "${options[@]}" --policy "k-sync(k=2)" --updates 50 \
  --log step.jsonl --save-model step > step.out 2>&1 || fail "train.srun.sh"
check_replay step.jsonl step

# A step whose processes find each other by Slurm's variables; it bears the death of a worker.
MASTER_PORT=$(free_ports 1)
export MASTER_PORT
timeout 200 srun -K0 --mpi=none --cpu-bind=none --ntasks=4 \
  "$SYNCLINE" train --fleet grpc --insecure "${options[@]}" --policy async --updates 1000000000 --log grpc.jsonl --save-model grpc \
  > grpc.out 2>&1 &
step=$!
# process_of RANK: of that step.
process_of() {
  local process variables
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/exe")" = "$(readlink -f "$SYNCLINE")" ] || continue
    variables=$(tr '\0' '\n' 2> /dev/null < <(cat "$process/environ" 2> /dev/null)) || continue
    grep -qx "SYNCLINE_TEST_FOLDER=$folder" <<< "$variables" || continue
    if grep -qx "SLURM_PROCID=$1" <<< "$variables"; then
      echo "${process#/proc/}"
      return
    fi
  done
  fail "no process of rank $1"
}
all_up() { [ "$(grep -c " is up" grpc.out)" -ge 3 ]; }
wait_until 100 all_up
kill -KILL "$(process_of 2)"
wait_until 100 grep -q " is down" grpc.out
evaluated=$(wc -l < grpc.out)
goes_on() { [ "$(wc -l < grpc.out)" -gt $((evaluated + 2)) ]; }
wait_until 100 goes_on
kill -TERM "$(process_of 0)"
# The status is Slurm's: that of the worker that was killed, or of rank 0, which was told to end.
wait "$step" || true
unset MASTER_PORT
check_replay grpc.jsonl grpc

# A batch job that is warned, queues itself again, and goes on from its checkpoint.
job=$(sbatch --parsable --overcommit --ntasks=4 --output=batch.out "$deploy/train.sbatch" run \
  "${options[@]}" --policy "k-async(k=2)" --updates 1000000000)
state() { squeue --noheader --jobs "$job" --format %T; }
wait_until 200 grep -q " is up" batch.out
scancel --batch --signal=USR1 "$job"
pending() { [ "$(state)" = PENDING ]; }
wait_until 200 pending
[ -d run.checkpoint/00000001 ] || fail "no checkpoint"
mv run.safetensors first
lines=$(wc -l < run.jsonl)
restarted() {
  # A job that was queued again waits for two minutes by itself.
  if pending; then scontrol update JobId="$job" StartTime=now; fi
  [ "$(state)" = RUNNING ]
}
# slurmd takes the start of a job within the second in which it ended for one that was killed, and
# the job has failed then. Its clock has whole seconds.
sleep 3
wait_until 200 restarted
longer() { [ "$(wc -l < run.jsonl)" -gt $((lines + 100)) ]; }
wait_until 200 longer
scancel --batch --signal=USR1 "$job"
wait_until 200 pending
scancel "$job"
check_replay run.jsonl run.safetensors
if cmp -s run.safetensors first; then fail "the second part has trained nothing"; fi
echo "two steps, and a batch job, warned and resumed: their logs give their models"
