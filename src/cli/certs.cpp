#include <memory>

#include "cli/command.hpp"
#include "cli/console.hpp"
#include "transport/certificates.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline certs certificates --host server.example --host 10.0.0.1

Makes certificates for mutual TLS between `serve` and `work`, and the authority that signs them. An
authority that is in the folder already is kept: so they are renewed before they expire.)text";

struct CertsFlags {
  std::string folder;
  std::vector<std::string> hosts;
  int days = 365;
};

ExitCode run_certs(const CertsFlags& flags) {
  if (flags.folder.empty()) throw ConfigError("certs needs a folder; `syncline certs --help`");
  if (flags.days < 1 || flags.days > 3650) throw ConfigError("--days must be from 1 to 3650");
  make_certificates(flags.folder, flags.hosts, flags.days);
  print(
      "server: ca.crt, server.crt, server.key\n"
      "workers: ca.crt, worker.crt, worker.key\n"
      "nobody: ca.key; who has it can let in whomever they like\n");
  return ExitCode::done;
}

}  // namespace

void add_certs(CLI::App& program, Job& job) {
  auto* app = program.add_subcommand("certs", "make certificates for a server and its workers");
  app->description(introduction);
  app->allow_extras();
  auto flags = std::make_shared<CertsFlags>();
  app->add_option("folder", flags->folder, "where they are written")->type_name("DIR");
  app->add_option("--host", flags->hosts,
                  "name or address by which workers call the server, besides this machine's own; "
                  "may be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false);
  app->add_option("--days", flags->days, "how long they are valid (default 365)")
      ->type_name("COUNT");
  app->callback([&job, flags] { job = [flags] { return run_certs(*flags); }; });
}

}  // namespace syncline
