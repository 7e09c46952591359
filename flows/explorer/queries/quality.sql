select layer, metric, value, low, high, gold, n
from quality
order by layer, metric, gold
