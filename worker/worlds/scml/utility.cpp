#include "worker/worlds/scml/utility.hpp"

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <cmath>

namespace joust::worlds::scml {
namespace {

struct Line {
  int quantity;
  double price;
};

// On the stack up to the usual number of partners; beyond that on the heap.
using Lines = boost::container::small_vector<Line, 20>;

// Keeps equals in the order in which they came.
template <class Before>
void insert_sorted(Lines& lines, Line line, Before before) {
  auto place = lines.end();
  lines.push_back(line);
  for (place = lines.end() - 1; place != lines.begin() && before(line, *(place - 1)); --place) {
    *place = *(place - 1);
  }
  *place = line;
}

double average(double total, int quantity) { return quantity != 0 ? total / quantity : 0; }

// Pays for all inputs. Returns the units that the balance allows to buy and produce.
int buy(const UtilityTerms& terms, const Lines& inputs, DayOutcome& day) {
  bool broke = terms.balance < 0;
  int affordable = 0;
  for (const Line& line : inputs) {
    const double price = line.price * line.quantity;
    if (!broke && day.paid + price + line.quantity * terms.production_cost > terms.balance) {
      const double left = (terms.balance - day.paid) / (line.price + terms.production_cost);
      affordable = day.total_input + static_cast<int>(std::floor(left));
      broke = true;
    }
    day.paid += price;
    day.total_input += line.quantity;
  }
  return broke ? affordable : day.total_input;
}

void sell(int producible, const Lines& outputs, DayOutcome& day) {
  bool sold_out = false;
  for (const Line& line : outputs) {
    if (!sold_out) {
      int sold = line.quantity;
      if (day.total_output + line.quantity >= producible) {
        sold = producible - day.total_output;
        sold_out = true;
      }
      day.revenue += sold * line.price;
    }
    day.promised += line.price * line.quantity;
    day.total_output += line.quantity;
  }
}

}  // namespace

DayOutcome day_outcome(const UtilityTerms& terms, std::span<const Trade> trades) {
  Lines inputs;
  Lines outputs;
  const auto cheaper = [](const Line& a, const Line& b) { return a.price < b.price; };
  const auto dearer = [](const Line& a, const Line& b) { return a.price > b.price; };
  for (const Trade& trade : trades) {
    if (trade.day != terms.day) continue;
    if (trade.is_output) {
      insert_sorted(outputs, {trade.quantity, trade.unit_price}, dearer);
    } else {
      insert_sorted(inputs, {trade.quantity, trade.unit_price}, cheaper);
    }
  }
  const int own_in = terms.exogenous_in + terms.inventory_in;
  const int own_out = terms.exogenous_out + terms.inventory_out;
  insert_sorted(inputs, {own_in, average(terms.exogenous_in_price, own_in)}, cheaper);
  insert_sorted(outputs, {own_out, average(terms.exogenous_out_price, own_out)}, dearer);

  DayOutcome day;
  const int producible = std::min(buy(terms, inputs, day), terms.lines);
  sell(producible, outputs, day);
  day.produced = std::min({producible, day.total_output, day.total_input, terms.lines});
  day.shortfall = std::max(0, day.total_output - day.produced);
  day.leftover = std::max(0, day.total_input - day.produced);
  const double input_price =
      terms.own_price_scale ? average(day.paid, day.total_input) : terms.input_price;
  const double output_price =
      terms.own_price_scale ? average(day.promised, day.total_output) : terms.output_price;
  day.shortfall_penalty = output_price * terms.shortfall_penalty * day.shortfall;
  day.disposal_cost = input_price * terms.disposal_cost * day.leftover;
  day.storage_cost = input_price * terms.storage_cost * day.leftover;
  day.utility = day.revenue - day.paid - terms.production_cost * day.produced -
                day.shortfall_penalty - day.disposal_cost - day.storage_cost;
  return day;
}

}  // namespace joust::worlds::scml
