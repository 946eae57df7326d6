#!/bin/bash
# launchers_test.sh torchrun|mpirun SYNCLINE: `train --fleet grpc` as docs/cluster.md says that it is
# started, by the launcher itself. Ends with 77, which ctest counts as skipped, where there is none.
set -euo pipefail
launcher=$1
syncline=$2

skip() {
  echo "skipped: $*"
  exit 77
}
case $launcher in
  torchrun)
    # Under Python 3.11 this version fails without its -r and -t.
    launch=(/usr/bin/python3 -m torch.distributed.run -r 9:1 -t 9:1 --no_python --nproc_per_node)
    /usr/bin/python3 -c "import torch.distributed.run" 2> /dev/null ||
      skip "python3-torch is not installed"
    rank_variable=RANK
    ;;
  mpirun)
    command -v mpirun > /dev/null || skip "openmpi-bin is not installed"
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    launch=(mpirun --enable-recovery --oversubscribe --bind-to none -n)
    rank_variable=OMPI_COMM_WORLD_RANK
    ;;
esac

folder=$(mktemp -d)
job=
end() {
  if [ -n "$job" ]; then kill "$job" 2> /dev/null && wait "$job" || true; fi
  rm -rf "$folder"
}
trap end EXIT
cd "$folder"
# By this the processes of this test are known.
export SYNCLINE_TEST_FOLDER=$folder

fail() {
  echo "failed: $*"
  tail -n 30 ./*.out ./*.err 2> /dev/null
  exit 1
}
# wait_for TEXT: until the job has said so.
wait_for() {
  local left=600
  until grep -q "$1" run.out run.err; do
    kill -0 "$job" 2> /dev/null || fail "the job ended before '$1'"
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "the job never said '$1'"
    sleep 0.1
  done
}
# process_of RANK
process_of() {
  local process variables
  for process in /proc/[0-9]*; do
    variables=$(tr '\0' '\n' 2> /dev/null < <(cat "$process/environ" 2> /dev/null)) || continue
    if grep -qx "SYNCLINE_TEST_FOLDER=$folder" <<< "$variables" &&
      grep -qx "$rank_variable=$1" <<< "$variables" &&
      [ "$(readlink "$process/exe")" = "$(readlink -f "$syncline")" ]; then
      echo "${process#/proc/}"
      return
    fi
  done
  fail "no process of rank $1"
}
# check_replay: the run's log gives the run's model.
check_replay() {
  "$syncline" replay run.jsonl --save-model again > /dev/null || fail "no replay"
  cmp model again || fail "the log gives another model"
}

MASTER_PORT=$(/usr/bin/python3 -c 'import socket
with socket.socket() as s: s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export MASTER_PORT
training=("$syncline" train --fleet grpc --model "quadratic(dimension=50)" --step-size 0.01
  --log run.jsonl --save-model model)
if [ "$launcher" = torchrun ]; then
  launch=("${launch[@]:0:3}" --master_port "$MASTER_PORT" "${launch[@]:3}")
fi

# A run that ends by itself.
timeout 200 "${launch[@]}" 4 "${training[@]}" --policy sync --updates 30 --json \
  > result.out 2> result.err || fail "the job ended with $?"
grep -q '"outcome":"finished"' result.out || fail "the run did not finish"
grep -q '"workers":3' result.out || fail "3 of 4 processes must be workers"
check_replay

# One of which a worker is killed: it goes on under mpirun. torchrun ends all then, and starts them
# anew, and the new server goes on from the checkpoint.
more=(--policy async --inject-delay "exponential(rate=500)" --updates 1000000000
  --evaluate-every 0.1 --checkpoint checkpoints --checkpoint-every 0.2)
if [ "$launcher" = torchrun ]; then
  launch=("${launch[@]:0:3}" --max_restarts 1 "${launch[@]:3}")
fi
timeout 200 "${launch[@]}" 4 "${training[@]}" "${more[@]}" > run.out 2> run.err &
job=$!
until [ -d checkpoints/00000002 ]; do
  kill -0 "$job" || fail "the job ended too early"
  sleep 0.1
done
server=$(process_of 0)
kill -KILL "$(process_of 2)"
if [ "$launcher" = torchrun ]; then
  wait_for "goes on from the checkpoints in 'checkpoints'"
  wait_for "resumed at update"
  while kill -0 "$server" 2> /dev/null; do sleep 0.1; done
else
  wait_for "is down"
fi
evaluated=$(wc -l < run.out)
until [ "$(wc -l < run.out)" -gt $((evaluated + 2)) ]; do
  kill -0 "$job" || fail "the job ended when a worker had been killed"
  sleep 0.1
done
kill -TERM "$(process_of 0)"
# The status is the launcher's own: rank 0 has ended with 130.
wait "$job" || true
job=
check_replay
echo "$launcher: a run that ends, and one of which a worker is killed; their logs give their models"
