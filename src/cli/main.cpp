#include <csignal>
#include <exception>
#include <new>

#include "cli/console.hpp"
#include "cli/program.hpp"
#include "syncline/blas_threads.hpp"
#include "syncline/error.hpp"

namespace {

int report_bug(const std::string& what) {
  syncline::print_error("internal error: " + what);
  syncline::print_note(
      "this is a bug in syncline or in a policy; please report it with the "
      "command line and this message");
  return static_cast<int>(syncline::ExitCode::internal);
}

}  // namespace

int main(int count, char** words) {
  // A reader that goes away shows as a failed write, which is reported, not as a silent death.
  std::signal(SIGPIPE, SIG_IGN);
  syncline::hold_blas_to_one_thread();
  try {
    if (const auto warning = syncline::blas_warning()) syncline::print_warning(*warning);
    return static_cast<int>(syncline::run_program({words, words + count}));
  } catch (const syncline::Error& error) {
    syncline::print_error(error.what());
    return static_cast<int>(error.exit_code());
  } catch (const std::bad_alloc&) {
    syncline::print_error(
        "not enough memory: take fewer workers, threads or samples per batch, or a smaller model");
    return static_cast<int>(syncline::ExitCode::usage);
  } catch (const std::exception& error) {
    return report_bug(error.what());
  }
}
