#include "runner/cli/submission_status.hpp"

#include <unistd.h>

#include <iostream>

#include "runner/cli/bad_input.hpp"
#include "runner/cli/end_signals.hpp"
#include "runner/cli/terminal.hpp"
#include "runner/cluster/picture_text.hpp"
#include "runner/cluster/submission_folder.hpp"

namespace joust::cli {
namespace {

constexpr std::time_t kPeriod = 5;  // seconds; Slurm's controller has others to answer

// Shows it once. True: something is still in the queue.
bool show(const StatusArguments& arguments, bool clear) {
  const cluster::Picture picture = cluster::look_at_submission(arguments.dir);
  cluster::PictureContext context;
  context.dir = arguments.dir.string();
  context.program = arguments.program;
  context.colour = wants_colour(STDOUT_FILENO);
  context.width = terminal_size(STDOUT_FILENO).columns;
  if (clear) std::cout << "\033[H\033[2J";
  std::cout << (arguments.json ? cluster::picture_json(picture)
                               : cluster::render_picture(picture, context))
            << std::flush;
  return picture.in_queue;
}

}  // namespace

int submission_status_command(const StatusArguments& arguments) {
  try {
    if (!arguments.watch) {
      show(arguments, false);
      return kAllCounted;
    }
    const EndSignals signals;
    const bool clear = is_terminal(STDOUT_FILENO);
    while (show(arguments, clear) && signals.none_for(kPeriod)) {
    }
    return kAllCounted;
  } catch (const cluster::ClusterError& error) {
    return bad_input(error.what());
  }
}

}  // namespace joust::cli
