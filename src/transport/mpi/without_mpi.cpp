// What stands for mpi_job.cpp in a build without MPI.

#include "syncline/error.hpp"
#include "transport/mpi/mpi_job.hpp"

namespace syncline {

class MpiLoop {};

MpiJob::MpiJob(int) {
  throw ConfigError(
      "this build of Syncline has no MPI: install libopenmpi-dev and openmpi-bin, and build again");
}
MpiJob::~MpiJob() = default;

int MpiJob::rank() const { return 0; }
int MpiJob::ranks() const { return 1; }
std::unique_ptr<ServerTransport> MpiJob::server() { return nullptr; }
std::unique_ptr<WorkerTransport> MpiJob::worker() { return nullptr; }
bool MpiJob::is_shard() const { return false; }
std::unique_ptr<WorkerTransport> MpiJob::to_shard(const std::string&) { return nullptr; }
std::vector<std::string> MpiJob::shards() const { return {}; }
bool MpiJob::is_over() const { return true; }
void MpiJob::end(int) {}

}  // namespace syncline
