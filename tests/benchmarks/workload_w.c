/* Workload W as a person would write it by hand: the program's numbers in the code, the calendar and the
   quantiles of baskets in tables, one member's life at a time, friends lived depth first. It draws from the
   same laws as the population of workload_w.loyalty, not the same numbers. Points round down per rule. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef int64_t i64;
typedef uint64_t u64;

enum { MONTHS = 36, LOTS = 2048, DEEPEST = 64, BINS = 4096 };

typedef struct {
    const i64 *month, *month_of_year_start, *early, *expiry, *hold; /* by day: month index, first month of the
        year, whether days 1 to 7, expiry of what is earned, first day after status earned on the day */
    const double *basket; /* BINS + 1 quantiles, in cents */
    i64 members, first, days, seed; /* members from `first` on; 60% of all join on day 0 */
} Work;

typedef struct {
    i64 issued[MONTHS], redeemed[MONTHS], expired[MONTHS], active[MONTHS], spend[MONTHS], cost[MONTHS];
    i64 pending[MONTHS], tiers[3][MONTHS + 1], triangle[MONTHS][MONTHS], cohort[MONTHS][MONTHS];
    i64 purchases, lives;
} Sums;

typedef struct { i64 units, available, expiry, month; } Lot;
typedef struct { i64 day; } Due;
typedef struct { Lot lots[LOTS]; Due dues[256]; } Scratch;

static __thread Scratch scratch[DEEPEST];

static inline u64 squares(u64 counter, u64 key) { /* Widynski, Squares: a fast counter-based RNG, 2020 */
    u64 x = counter * key, y = x, z = y + key, t;
    x = x * x + y; x = (x >> 32) | (x << 32);
    x = x * x + z; x = (x >> 32) | (x << 32);
    x = x * x + y; x = (x >> 32) | (x << 32);
    t = x = x * x + z; x = (x >> 32) | (x << 32);
    return t ^ ((x * x + y) >> 32);
}
static inline u64 mix(u64 x) {
    x += 0x9e3779b97f4a7c15ull;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
    return (x ^ (x >> 31)) | 1;
}
static inline double unit(u64 bits) { return ((bits >> 11) + 0.5) * 0x1p-53; }

static double normal(u64 key, u64 at) {
    return sqrt(-2 * log(unit(squares(at, key)))) * cos(6.283185307179586 * unit(squares(at + 1, key)));
}
static double gamma_draw(u64 key, u64 at, double shape) { /* Marsaglia and Tsang */
    double boost = 1;
    if (shape < 1) { boost = pow(unit(squares(at, key)), 1 / shape); shape += 1; }
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (at += 1;; at += 3) {
        double x = normal(key, at), v = 1 + c * x;
        if (v <= 0) continue;
        v = v * v * v;
        if (log(unit(squares(at + 2, key))) < 0.5 * x * x + d - d * v + d * log(v)) return boost * d * v;
    }
}

static void live(const Work *w, Sums *s, u64 key, double time, int friend_, int depth, i64 *brought) {
    Scratch *mine = &scratch[depth];
    Lot *lots = mine->lots;
    int head = 0, ripe = 0, tail = 0, dues = 0, due = 0, status = 0;
    i64 available = 0, year = -1, year_points = 0, bonus_month = -1, bonus = 0, ends[3] = {0, 0, 0};
    double rate = 1.2 / 30.4375 * gamma_draw(key, 1000, 1.0);
    double mean = 0.032, a, b, x, y, leave;
    a = mean * (mean * (1 - mean) / (mean * mean * 0.36) - 1) ; b = a * (1 - mean) / mean;
    x = gamma_draw(key, 2000, a); y = gamma_draw(key, 3000, b); leave = x / (x + y);
    i64 day = (i64)time, born = w->month[day], seen = -1;
    int first_day = time == 0.0 && !friend_;
    s->lives++;
    s->tiers[0][born]++;
    for (i64 i = friend_ || !first_day ? -1 : 0;; i++) {
        if (i >= 0) {
            time += -log(unit(squares(4 * i, key))) / rate;
            day = (i64)time;
        }
        int over = i >= 0 && time >= w->days;
        i64 upto = over ? w->days - 1 : day;
        for (;;) { /* what friends brought, and midnights, in order of days */
            int paid = due < dues && mine->dues[due].day <= upto;
            i64 today = paid ? mine->dues[due].day : upto;
            while (ripe < tail && lots[ripe].available <= today) {
                s->pending[w->month[lots[ripe].available]] -= lots[ripe].units;
                available += lots[ripe++].units;
            }
            while (head < ripe && lots[head].expiry <= today) {
                s->expired[w->month[lots[head].expiry]] += lots[head].units;
                available -= lots[head++].units;
            }
            while (status && ends[status] <= today) {
                i64 m = w->month[ends[status]];
                int next = status - 1;
                while (next && ends[next] <= ends[status]) next--;
                s->tiers[status][m]--; s->tiers[next][m]++;
                status = next;
            }
            if (!paid) break;
            due++;
            i64 m = w->month[today];
            if (tail == LOTS) { memmove(lots, lots + head, (tail - head) * sizeof(Lot)); ripe -= head; tail -= head; head = 0; }
            lots[tail++] = (Lot){500, today + 14, w->expiry[today], m};
            s->issued[m] += 500; s->pending[m] += 500; s->cohort[born][m] += 500;
            if (w->month_of_year_start[today] != year) { year = w->month_of_year_start[today]; year_points = 0; }
            year_points += 500;
            int earned = year_points >= 1500 ? 2 : year_points >= 600 ? 1 : 0;
            if (earned && w->hold[today] > ends[earned]) ends[earned] = w->hold[today];
            if (earned > status) { s->tiers[status][m]--; s->tiers[earned][m]++; status = earned; }
        }
        if (over) break;
        i64 m = w->month[day], units = 250;
        if (i >= 0) {
            u64 bits = squares(4 * i + 1, key);
            double at = unit(bits) * BINS;
            int bin = (int)at;
            i64 basket = (i64)(w->basket[bin] + (w->basket[bin + 1] - w->basket[bin]) * (at - bin) + 0.5);
            u64 more = squares(4 * i + 2, key);
            i64 amount = basket < 1 ? 1 : basket;
            s->purchases++; s->spend[m] += amount;
            if (seen != m) { s->active[m]++; seen = m; }
            if (available >= 1000 && (more & 0xffffff) < 0.35 * 0x1000000) {
                i64 need = 1000;
                available -= need; s->redeemed[m] += need; s->cost[m] += 1000;
                amount = amount > 1000 ? amount - 1000 : 0;
                while (need) {
                    i64 take = lots[head].units < need ? lots[head].units : need;
                    s->triangle[lots[head].month][m - lots[head].month] += take;
                    lots[head].units -= take; need -= take;
                    if (!lots[head].units) head++;
                }
            }
            i64 base = amount / 100 * ((more >> 24 & 0xffff) < 0.1 * 0x10000 ? 3 : 1);
            if (bonus_month != m) { bonus_month = m; bonus = 0; }
            i64 by_tier = status == 2 ? base / 2 : status == 1 ? base / 4 : 0, room = 2000 - bonus;
            if (by_tier > room) by_tier = room;
            bonus += by_tier; room -= by_tier;
            i64 early = w->early[day] ? base : 0;
            if (early > room) early = room;
            bonus += early;
            units = base + by_tier + early;
            if (i == 0 && friend_) *brought = day;
            if (unit(squares(4 * i + 3, key)) < 0.005 && depth + 1 < DEEPEST) {
                i64 bought = -1;
                live(w, s, mix(key ^ (u64)(i + 1) * 0xd1342543de82ef95ull), time, 1, depth + 1, &bought);
                if (bought >= 0 && dues < 256) {
                    int k = dues++;
                    for (; k > due && mine->dues[k - 1].day > bought; k--) mine->dues[k] = mine->dues[k - 1];
                    mine->dues[k].day = bought;
                }
            }
        }
        if (units) {
            i64 expiry = w->expiry[day];
            if (tail > head && lots[tail - 1].available == day + 14 && lots[tail - 1].expiry == expiry)
                lots[tail - 1].units += units;
            else {
                if (tail == LOTS) { memmove(lots, lots + head, (tail - head) * sizeof(Lot)); ripe -= head; tail -= head; head = 0; }
                lots[tail++] = (Lot){units, day + 14, expiry, m};
            }
            s->issued[m] += units; s->pending[m] += units; s->cohort[born][m] += units;
            if (w->month_of_year_start[day] != year) { year = w->month_of_year_start[day]; year_points = 0; }
            year_points += units;
            int earned = year_points >= 1500 ? 2 : year_points >= 600 ? 1 : 0;
            if (earned && w->hold[day] > ends[earned]) ends[earned] = w->hold[day];
            if (earned > status) { s->tiers[status][m]--; s->tiers[earned][m]++; status = earned; }
        }
        if (i >= 0 && unit(squares(4 * i + 1, ~key | 1)) < leave) {
            /* nothing more is bought: the next gap is past the last day, and what is held runs out */
            time = w->days;
        }
    }
}

void workload(const Work *w, Sums *s) {
    for (i64 m = w->first; m < w->first + w->members; m++) {
        u64 key = mix((u64)w->seed * 0x2545f4914f6cdd1dull + (u64)m);
        double start = unit(squares(7, ~key | 1)), none = 0;
        i64 unused = -1;
        double time = start < 0.6 ? none : unit(squares(8, ~key | 1)) * w->days;
        live(w, s, key, time, 0, 0, &unused);
    }
}
